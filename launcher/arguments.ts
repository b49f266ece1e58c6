/** The launcher's arguments: `run|stage-in|stage-out --root URI --attempt runs/R/tasks/T/N [-- command args...]`. */
import type { AttemptKey } from '../engine/ports.ts';
import { UserError } from '../errors/index.ts';

export interface LauncherArguments {
  readonly mode: LauncherMode;
  /** The pipeline root: a folder, `gs://`, `s3://` or `minio://`. */
  readonly root: string;
  readonly attempt: AttemptKey;
  /** The component's command and arguments, placeholders as the spec has them. Empty but for `run`. */
  readonly command: readonly string[];
}

/** `run` does all; the others stand before and after a container that knows nothing of Ferrule. */
type LauncherMode = 'run' | 'stage-in' | 'stage-out';

/**
 * Reads the arguments.
 * @throws UserError FER6080 where one is missing or malformed
 */
export function readArguments(args: readonly string[]): LauncherArguments {
  const end = args.indexOf('--');
  const [mode, ...flags] = end < 0 ? args : args.slice(0, end);
  const command = end < 0 ? [] : args.slice(end + 1);
  if (mode !== 'run' && mode !== 'stage-in' && mode !== 'stage-out')
    throw misused(`"${mode ?? ''}" is nothing that the launcher does`);
  const valueOf = (flag: string): string => {
    const value = flags[flags.indexOf(flag) + 1];
    if (!flags.includes(flag) || value === undefined) throw misused(`${flag} is missing`);
    return value;
  };
  const attempt = readKey(valueOf('--attempt'));
  if (mode === 'run' && command.length === 0) throw misused('the command after -- is missing');
  return { mode, root: valueOf('--root'), attempt, command };
}

function readKey(text: string): AttemptKey {
  const [, runId, task, number] = /^runs\/([^/]+)\/tasks\/(.+)\/([1-9]\d*)$/.exec(text) ?? [];
  if (runId === undefined || task === undefined) throw misused(`--attempt ${text} names no attempt`);
  return { runId, task, number: Number(number) };
}

function misused(problem: string): UserError {
  return new UserError('FER6080', {
    problem,
    fix: 'call it as: launch.mjs run|stage-in|stage-out --root URI --attempt runs/RUN/tasks/TASK/NUMBER [-- COMMAND ...]',
  });
}
