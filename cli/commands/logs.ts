import { UserError } from '../../errors/index.ts';
import { paintFor } from '../color.ts';
import { openStores } from '../compose.ts';
import { findRun, readRun } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';

interface LogsOptions {
  readonly root?: string;
  readonly attempt?: number;
}

/** Prints the logs of one task, or of all tasks with their names before each line. */
export async function logsCommand(
  run: string,
  task: string | undefined,
  options: LogsOptions,
): Promise<void> {
  const root = await openStores(resolveSettings('.', options.root));
  const runId = await findRun(root.runs, run);
  const state = await readRun(root.runs, runId);
  const tasks = state.tasks.filter(({ name }) => task === undefined || name === task);
  if (tasks.length === 0)
    throw new UserError('FER1003', {
      problem: `run ${runId} has no task "${task}"`,
      fix: `it has ${state.tasks.map(({ name }) => name).join(', ')}`,
    });
  const paint = paintFor(process.stdout, process.env);
  for (const { name, attempts, from } of tasks) {
    // A cached task printed when it ran.
    const source = from ?? { runId, task: name };
    const number =
      options.attempt ?? (from === undefined ? attempts : await lastAttempt(source.runId, source.task));
    if (number === 0) continue;
    const text = await root.readLog({ ...source, number });
    for (const line of (text ?? '').split('\n').slice(0, -1))
      process.stdout.write(task === undefined ? `${paint('dim', `${name} |`)} ${line}\n` : `${line}\n`);
  }

  async function lastAttempt(id: string, name: string): Promise<number> {
    const earlier = await readRun(root.runs, id);
    return earlier.tasks.find((one) => one.name === name)?.attempts ?? 0;
  }
}
