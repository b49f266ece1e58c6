import { UserError } from '../../errors/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { openStores } from '../compose.ts';
import { findRun, readRun } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';

interface LogsOptions {
  readonly root?: string;
  readonly attempt?: number;
  readonly follow?: boolean;
}

/** Writes one line of a task. */
export type SayLine = (task: string, line: string) => void;

/** Prints the logs of one task, or of all tasks with their names before each line; with --follow as they grow. */
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
  const tasks = state.tasks.filter(({ name }) => task === undefined || name === task);
  if (tasks.length === 0) throw noSuchTask(runId, task, state.tasks);
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
    const earlier = await readRun(root.runs, id);
    return earlier.tasks.find((one) => one.name === name)?.attempts ?? 0;
  }
}

/** Tells that a run has no task of a name. */
export function noSuchTask(
  runId: string,
  task: string | undefined,
  tasks: readonly { readonly name: string }[],
): UserError {
  return new UserError('FER1003', {
    problem: `run ${runId} has no task "${task}"`,
    fix: `it has ${tasks.map(({ name }) => name).join(', ')}`,
  });
}

function speaker(only: string | undefined, paint: Paint): SayLine {
  return (task, line) =>
    process.stdout.write(only === undefined ? `${paint('dim', `${task} |`)} ${line}\n` : `${line}\n`);
}
