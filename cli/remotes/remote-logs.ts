/** `logs` of runs of KFP. */
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../errors/index.ts';
import { hasEnded } from '../../remotes/ports.ts';
import { exitStatus } from '../drive.ts';
import { findRemoteRun } from './find-remote-run.ts';
import { inKfp, type RemoteFlags } from './open-runs.ts';

/** Milliseconds between two looks at logs that grow. */
const pause = 2000;

/** Prints what the tasks of a run of KFP printed; with `follow` until the run has ended, with its exit status. */
export function remoteLogs(
  name: string,
  task: string | undefined,
  options: RemoteFlags & { readonly follow?: boolean },
): Promise<void> {
  return inKfp(options, 'reading logs', async ({ runs, http }) => {
    const { kfpTaskLog } = await import('../../remotes/kfp/task-log.ts');
    const id = await findRemoteRun(name, runs);
    const printed = new Map<string, number>();
    for (;;) {
      const run = await runs.get(id);
      const tasks = run.tasks.filter((one) => task === undefined || one.name === task || one.id === task);
      // A run that has not begun has no tasks yet.
      if (task !== undefined && tasks.length === 0 && (options.follow !== true || hasEnded(run.status)))
        throw new UserError('FER8004', {
          problem: `the run ${id} has no task "${task}"`,
          fix: `it has ${run.tasks.map((one) => one.name).join(', ') || 'none yet'}`,
        });
      for (const one of tasks.filter(({ status }) => status !== 'pending')) {
        const text = await kfpTaskLog(http, id, one.id).catch((error: unknown) => {
          // Groups and what was left out print nothing, and a pod may be gone or not be there yet.
          const isAbsent = error instanceof UserError && error.code === 'FER8004';
          if (isAbsent && (task === undefined || options.follow === true)) return '';
          throw error;
        });
        const whole = hasEnded(one.status) ? text.length : text.lastIndexOf('\n') + 1;
        const lines = text.slice(printed.get(one.id) ?? 0, whole).split('\n');
        if (lines.at(-1) === '') lines.pop();
        printed.set(one.id, Math.max(whole, printed.get(one.id) ?? 0));
        for (const line of lines)
          process.stdout.write(task === undefined ? `${one.name} | ${line}\n` : `${line}\n`);
      }
      if (options.follow !== true) return;
      if (hasEnded(run.status)) {
        process.exitCode =
          run.status === 'cancelled' ? exitStatus.cancelled : run.status === 'failed' ? exitStatus.failed : 0;
        return;
      }
      await wait(pause);
    }
  });
}
