/** One attempt in a pod: inputs in, the command, outputs out, the result last. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Assignment, AttemptKey, AttemptResult } from '../engine/ports.ts';
import { collectOutputs } from '../executor/collect-outputs.ts';
import { failureFileVariable } from '../executor/failure-file.ts';
import { keepResult, stageIn, stageOut } from '../stores/artifacts/attempt-staging.ts';
import { readIdentity } from '../spec/index.ts';
import type { Root } from '../stores/root.ts';
import type { LauncherArguments } from './arguments.ts';
import { assignmentOf } from './assignment.ts';
import { runChild } from './child-process.ts';
import { commandOf } from './command.ts';
import { exitStatus, type ExitStatus } from './exit-status.ts';
import { failureOfCommand, failureOfThrown, leaveLastWords, tell, type CommandFailure } from './failures.ts';
import { patiently } from './patience.ts';
import { platformHere } from './platform.ts';

export interface LauncherRun {
  readonly args: LauncherArguments;
  readonly root: Root;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the pod is asked to stop. */
  readonly stop: AbortSignal;
}

/** Does the whole attempt in one container: an image of ours. */
export async function runAttempt(run: LauncherRun): Promise<ExitStatus> {
  const { args, root, stop } = run;
  const before = await patiently(() => root.artifacts.result(args.attempt));
  if (before !== undefined) return toldBefore(before, args.attempt);
  return withResult(run, async () => {
    const assignment = await unlessStopped(broughtIn(run), stop);
    if (assignment === undefined) return exitStatus.stopped;
    const command = await commandOf(args.command, assignment);
    const failureFile = join(dirname(assignment.input.outputs.outputFile), 'failure.json');
    const end = await runChild({
      command,
      env: childEnvironment(run, failureFile),
      signal: stop,
      secrets: secretsOf(run),
    });
    if (end.kind === 'exited' && end.code === 0)
      return hasReturned(assignment)
        ? collected(run, assignment)
        : failureOfCommand(end, command, failureFile);
    if (stop.aborted) return exitStatus.stopped;
    // Whether the pod has used up its memory is for the platform to say.
    if (end.kind === 'killed' && end.signal === 'SIGKILL') return exitStatus.killed;
    return failureOfCommand(end, command, failureFile);
  });
}

/** Brings the inputs, for a container that comes after this one. */
export async function stageInOnly(run: LauncherRun): Promise<ExitStatus> {
  // That container may run as another user.
  process.umask(0);
  return withResult(run, async () => {
    const assignment = await unlessStopped(broughtIn(run), run.stop);
    return assignment === undefined ? exitStatus.stopped : exitStatus.succeeded;
  });
}

/** Keeps what the container before this one left. */
export async function stageOutOnly(run: LauncherRun): Promise<ExitStatus> {
  const { args, root } = run;
  const before = await patiently(() => root.artifacts.result(args.attempt));
  if (before !== undefined) return toldBefore(before, args.attempt);
  return withResult(run, async () => {
    const assignment = await patiently(() => assignmentOf(root, args.attempt));
    return collected(run, assignment);
  });
}

/** Waits for some work, no longer than until the pod is asked to stop: undefined then. */
function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([work, stopped]);
}

/** Brings the inputs of the attempt; the folders around its outputs are there then, too. */
async function broughtIn({ args, root }: LauncherRun): Promise<Assignment> {
  const assignment = await patiently(() => assignmentOf(root, args.attempt));
  await patiently(() => stageIn(root, assignment));
  return assignment;
}

/** A component of ours that returned has written its output: else it ended its process by itself. */
function hasReturned({ strict, input }: Assignment): boolean {
  return !strict || existsSync(input.outputs.outputFile);
}

/** Finds the values of the secrets that the command names. */
function secretsOf({ args, env }: LauncherRun): readonly string[] {
  const [program = '', ...rest] = args.command;
  const identity = readIdentity({ image: '', command: [program], args: rest });
  return (identity?.secretEnv ?? []).map((name) => env[name] ?? '');
}

/** Reads what the command left, and keeps it with the result. */
async function collected({ args, root }: LauncherRun, assignment: Assignment): Promise<ExitStatus> {
  const output = await collectOutputs(assignment.component, assignment.input);
  // After another container's command, this one's Node.js and devices are not where it ran.
  const facts = args.mode === 'run' ? { platform: platformHere() } : {};
  const result = await patiently(() => stageOut(root, assignment, output, facts));
  return statusOf(result);
}

/** Does some work; what goes wrong in it becomes the attempt's result, if the root takes it. */
async function withResult(
  { args, root }: LauncherRun,
  work: () => Promise<ExitStatus | CommandFailure>,
): Promise<ExitStatus> {
  let outcome: ExitStatus | CommandFailure;
  try {
    outcome = await work();
  } catch (thrown) {
    outcome = { failure: failureOfThrown(thrown), told: false };
  }
  if (typeof outcome === 'number') return outcome;
  const { failure, told } = outcome;
  leaveLastWords(failure);
  if (!told) tell(failure);
  try {
    const keep = (): Promise<AttemptResult> => keepResult(root, args.attempt, { kind: 'failed', failure });
    // A root that just failed several times is asked once more, no longer.
    return statusOf(await (failure.kind === 'infrastructure' ? keep() : patiently(keep)));
  } catch (thrown) {
    tell(failureOfThrown(thrown));
    return exitStatus.unkept;
  }
}

/** A second pod of the same attempt finds it done: the first result stands. */
function toldBefore(result: AttemptResult, { task, number }: AttemptKey): ExitStatus {
  process.stderr.write(`attempt ${number} of ${task} has its result already: nothing is run\n`);
  return statusOf(result);
}

function statusOf(result: AttemptResult): ExitStatus {
  return result.kind === 'succeeded' ? exitStatus.succeeded : exitStatus.failed;
}

function childEnvironment(
  { args, env }: LauncherRun,
  failureFile: string,
): Record<string, string | undefined> {
  const taskName = args.attempt.task.split('/').at(-1) ?? args.attempt.task;
  return { ...env, FERRULE_TASK: taskName, [failureFileVariable]: failureFile };
}
