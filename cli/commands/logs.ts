import type { RunState } from '../../engine/run-state.ts';
import { paintFor, type Paint } from '../color.ts';
import { openStores } from '../compose.ts';
import { findRun, readRun } from '../find-run.ts';
import { findTasks } from '../find-task.ts';
import { resolveSettings } from '../settings.ts';

interface LogsOptions {
  readonly root?: string;
  readonly attempt?: number;
  readonly follow?: boolean;
}

/** Writes one line of a task. */
export type SayLine = (task: string, line: string) => void;

/**
 * Prints the logs of one task, or of several with their names before each line: all of a run, of a group, of a loop; with
 * --follow as they grow.
 */
export async function logsCommand(
  run: string,
  task: string | undefined,
  options: LogsOptions,
): Promise<void> {
  const root = await openStores(resolveSettings('.', options.root));
  const runId = await findRun(root.runs, run);
  const say = speaker(task, paintFor(process.stdout, process.env));
  if (options.follow === true) {
    const { followRun } = await import('../follow-run.ts');
    process.exitCode = await followRun({ root, runId, task, attempt: options.attempt, say });
    return;
  }
  const state = await readRun(root.runs, runId);
  const tasks = task === undefined ? state.tasks : findTasks(runId, task, state.tasks);
  const earlier = new Map<string, RunState>();
  for (const { name, attempts, from } of tasks) {
    // A cached task printed when it ran.
    const source = from ?? { runId, task: name };
    const number =
      options.attempt ?? (from === undefined ? attempts : await lastAttempt(source.runId, source.task));
    if (number === 0) continue;
    const text = await root.readLog({ ...source, number });
    for (const line of (text ?? '').split('\n').slice(0, -1)) say(name, line);
  }

  async function lastAttempt(id: string, name: string): Promise<number> {
    const there = earlier.get(id) ?? (await readRun(root.runs, id));
    earlier.set(id, there);
    return there.tasks.find((one) => one.name === name)?.attempts ?? 0;
  }
}

/** Says whose line it is, unless it can only be that of the one that was asked for. */
function speaker(only: string | undefined, paint: Paint): SayLine {
  return (task, line) =>
    process.stdout.write(task === only ? `${line}\n` : `${paint('dim', `${task} |`)} ${line}\n`);
}
