/**
 * The program of a worker process: runs tasks of one bundle, one after the other, as the runner asks for them. It
 * ends when the runner does.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { blockOnOutput } from '../../executor/blocking-output.ts';
import { loadBody, type ComponentBody } from '../../executor/bundle.ts';
import { executeComponent, report } from '../../executor/execute.ts';
import { failureOf, neverSettles, type Failure } from '../../executor/failure.ts';
import type { EndMessage, RunMessage, TaskResult, ToWorker } from './messages.ts';
import { addPackages } from './package-fallback.ts';
import { setEnvironment, takeRestorePoint, type RestorePoint } from './restore-point.ts';

/** A worker whose task left more than this in memory, in bytes, is not kept for another. */
const largestIdle = 512 * 2 ** 20;

interface CurrentTask {
  readonly stop: AbortController;
  /** Ends the task whatever its body does. */
  readonly fail: (failure: Failure) => void;
}

let current: CurrentTask | undefined;
let before: RestorePoint | undefined;
let body: Promise<ComponentBody> | undefined;
// A component may replace process.send and the like; these are the real ones. Opening the streams here also makes
// them a part of what a fresh process has.
const send = process.send?.bind(process);
blockOnOutput();
const printOut = process.stdout.write.bind(process.stdout);
const printError = process.stderr.write.bind(process.stderr);

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'run':
      void runTask(message);
      break;
    case 'stop':
      current?.stop.abort(new Error(message.reason));
      break;
  }
});
process.on('disconnect', () => process.exit(1));
// Ctrl-C in a terminal is for the runner, which asks its tasks to stop.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', reachNobody);
process.on('unhandledRejection', reachNobody);
// The channel does not hold the event loop while a task runs, so that one which runs empty shows.
process.on('beforeExit', () => {
  process.channel?.ref();
  current?.fail(neverSettles);
});

function reachNobody(thrown: unknown): void {
  // An idle worker with an error cannot be trusted; the runner starts another.
  if (current === undefined) process.exit(1);
  current.fail(failureOf(thrown, 'FER6013'));
}

async function runTask(message: RunMessage): Promise<void> {
  const restorePoint = (before ??= takeRestorePoint());
  let unhandled = false;
  const stop = new AbortController();
  const escaped = new Promise<TaskResult>((resolve) => {
    const fail = (failure: Failure): void => {
      unhandled = true;
      resolve({ kind: 'failed', failure });
    };
    current = { stop, fail };
  });
  process.channel?.unref();
  const result = await Promise.race([resultOf(message, stop.signal), escaped]);
  // What the body left unhandled shows once its promises have settled.
  await turn();
  const last = unhandled ? await escaped : result;
  current = undefined;
  process.channel?.ref();
  const restored = restorePoint.restore();
  const reusable = restored && !unhandled && process.memoryUsage.rss() < largestIdle;
  const end: EndMessage = { kind: 'end', result: last, reusable };
  printOut(message.marks[0]);
  printError(message.marks[1]);
  send?.(end);
}

async function resultOf(message: RunMessage, signal: AbortSignal): Promise<TaskResult> {
  const scratch = join(message.folder, 'scratch');
  let scratchMade = false;
  const context = {
    taskName: message.taskName,
    signal,
    report,
    // Made when asked for: few tasks do.
    get scratch() {
      if (!scratchMade) mkdirSync(scratch, { recursive: true });
      scratchMade = true;
      return scratch;
    },
  };
  try {
    setEnvironment(message.env);
    process.chdir(message.cwd);
    addPackages(message.packages);
    const component = await (body ??= loadBody(message.bundle));
    const { input, artifactLists, parameterTypes, secretEnv, env } = message;
    const secrets = secretEnv.flatMap((name) => env[name] ?? []);
    const output = await executeComponent({
      body: component,
      input,
      context,
      artifactLists,
      parameterTypes,
      secrets,
    });
    return { kind: 'succeeded', output };
  } catch (thrown) {
    return { kind: 'failed', failure: failureOf(thrown) };
  } finally {
    if (scratchMade) rmSync(scratch, { recursive: true, force: true });
  }
}
