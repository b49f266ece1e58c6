/**
 * The program that works inside pods: `launch.mjs run|stage-in|stage-out --root URI --attempt runs/R/tasks/T/N
 * [-- command args...]`. It is one file with the clients of all stores inside, each loaded only where it is needed.
 * Its exit statuses are in exit-status.ts. What went wrong is also left in /dev/termination-log, as JSON.
 */
import { FerruleError } from '../errors/index.ts';
import { openRoot, type Root } from '../stores/root.ts';
import { readArguments, type LauncherArguments } from './arguments.ts';
import { exitStatus, type ExitStatus } from './exit-status.ts';
import { failureOfThrown, leaveLastWords, tell } from './failures.ts';
import { patiently } from './patience.ts';
import { runAttempt, stageInOnly, stageOutOnly, type LauncherRun } from './run-attempt.ts';

// What the clients of the stores are built with is no business of whoever reads a task's log.
process.noDeprecation = true;
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

/** Nobody waits at a terminal for a pod; and one that asked for no processor gets none while others want it. */
const answerWithin = 30_000;

const works: Readonly<Record<LauncherArguments['mode'], (run: LauncherRun) => Promise<ExitStatus>>> = {
  run: runAttempt,
  'stage-in': stageInOnly,
  'stage-out': stageOutOnly,
};

async function launch(): Promise<ExitStatus> {
  let args: LauncherArguments;
  let root: Root;
  try {
    args = readArguments(process.argv.slice(2));
    root = await patiently(() => openRoot(args.root, { answerWithin }));
  } catch (thrown) {
    const failure = failureOfThrown(thrown);
    leaveLastWords(failure);
    tell(failure);
    return thrown instanceof FerruleError && thrown.code === 'FER6080'
      ? exitStatus.misused
      : exitStatus.unkept;
  }
  return works[args.mode]({ args, root, env: process.env, stop: stop.signal });
}

const status = await launch();
sayTheEnd(status);
// What a client of a store holds open must not keep the pod.
process.exit(status);

/**
 * Says that the result is written: whoever follows the log knows it up to a second before the platform tells that the
 * container has ended.
 */
function sayTheEnd(of: ExitStatus): void {
  const [mode = '', ...rest] = process.argv.slice(2);
  if (mode === 'stage-in' || (of !== exitStatus.succeeded && of !== exitStatus.failed)) return;
  const place = rest[rest.indexOf('--attempt') + 1] ?? '';
  // A pipe on Linux is written at once: exiting does not cut it off.
  process.stdout.write(`ferrule-ended ${place} ${of}\n`);
}
