/** One attempt in one worker process, from its lease to its outcome. */
import { join } from 'node:path';
import type { Attempt, LogSink, Outcome } from '../../engine/ports.ts';
import type { OwnEnvironment } from '../../executor/own-environment.ts';
import { removeOutputs } from '../../executor/remove-outputs.ts';
import { secretMask } from '../../executor/secret-mask.ts';
import { sourceStack } from '../../executor/source-stack.ts';
import { taskLog } from '../../executor/task-log.ts';
import { digestOfJson, hexOf, type ComponentIdentity, type ComponentSpec } from '../../spec/index.ts';
import { timeoutFailure } from '../../executor/timeout-failure.ts';
import { attemptFailure, deathFailure } from './attempt-failure.ts';
import type { RunMessage } from './messages.ts';
import type { ResolvedOptions } from './options.ts';
import { watchForEnd } from './ordered-end.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What an attempt needs besides itself, found before a worker is taken. */
export interface Preparation {
  readonly identity: ComponentIdentity;
  /** The bundle's folder, verified. */
  readonly bundle: string;
  readonly base: Readonly<Record<string, string>>;
  readonly own: OwnEnvironment;
}

export interface AttemptRun {
  readonly attempt: Attempt;
  readonly preparation: Preparation;
  readonly log: LogSink;
  readonly pool: WorkerPool;
  readonly options: ResolvedOptions;
}

/**
 * Runs an attempt. When it resolves, its process is idle or gone, and its log is complete. What a component that
 * knows secrets wrote before it failed is removed: nobody looked for them in there.
 */
export async function runAttempt(run: AttemptRun): Promise<Outcome> {
  const outcome = await attemptIn(run);
  if (outcome.kind !== 'succeeded' && !secretMask(run.preparation.own.secrets).isEmpty)
    await removeOutputs(run.attempt.input);
  return outcome;
}

async function attemptIn(run: AttemptRun): Promise<Outcome> {
  const { attempt, preparation, pool } = run;
  if (attempt.signal.aborted) return { kind: 'cancelled' };
  const { identity, own } = preparation;
  const secrets = secretMask(own.secrets);
  const log = taskLog(run.log, secrets);
  const key = digestOfJson([identity.code, own.env]);
  const lease = pool.lease({ key, env: own.env, isolate: identity.isolate });
  const end = watchForEnd(attempt, {
    // Its body is asked through its signal.
    ask: (reason) => lease.worker.stop(reason),
    kill: () => void lease.worker.kill(),
    grace: run.options.grace,
  });
  let ranOutOfHeap = false;
  const outcome = await lease.worker.run(messageFor(run), (chunk) => {
    ranOutOfHeap ||= chunk.includes('heap out of memory');
    log.write(chunk);
  });
  const ordered = end.settle();
  await lease.release(ordered === undefined && outcome.kind === 'ended' && outcome.message.reusable);
  log.end();
  switch (ordered) {
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'timeout':
      return { kind: 'failed', failure: timeoutFailure(attempt) };
    case undefined:
      break;
  }
  if (outcome.kind !== 'ended') return { kind: 'failed', failure: deathFailure(outcome, ranOutOfHeap) };
  const { result } = outcome.message;
  if (result.kind === 'succeeded') {
    const { natives } = identity;
    const uncacheable = natives === undefined ? undefined : await run.options.otherPackages(natives);
    return uncacheable === undefined ? result : { ...result, uncacheable };
  }
  const { stack } = result.failure;
  const failure =
    stack === undefined
      ? result.failure
      : { ...result.failure, stack: await sourceStack(stack, mapFilesOf(run)) };
  return { kind: 'failed', failure: attemptFailure(failure, secrets) };
}

/** Where the source map of an attempt's bundle may be. */
function mapFilesOf({ preparation, options }: AttemptRun): string[] {
  const { bundle, identity } = preparation;
  return [
    `${bundle}.map`,
    ...options.sourceMaps.map((folder) => join(folder, `${hexOf(identity.code)}.map`)),
  ];
}

function messageFor({ attempt, preparation, options }: AttemptRun): Omit<RunMessage, 'marks'> {
  const { identity, bundle, base, own } = preparation;
  return {
    kind: 'run',
    taskName: attempt.task.split('/').at(-1) ?? attempt.task,
    bundle,
    packages: packagesToAdd(bundle, options.packages),
    input: attempt.input,
    artifactLists: artifactListsOf(attempt.component),
    parameterTypes: parameterTypesOf(attempt.component),
    secretEnv: identity.secretEnv,
    env: { ...base, ...own.env },
    cwd: options.cwd,
    folder: attempt.folder,
  };
}

/** The folders whose packages a bundle does not find by the folders around it. */
function packagesToAdd(bundle: string, folders: readonly string[]): string[] {
  const around = folders.filter((folder) => bundle.startsWith(`${folder}/`));
  return folders.filter(
    (folder) =>
      !around.includes(folder) && !around.some((project) => folder.startsWith(`${project}/node_modules/`)),
  );
}

function artifactListsOf({ inputDefinitions }: ComponentSpec): string[] {
  return Object.entries(inputDefinitions?.artifacts ?? {}).flatMap(([name, { isArtifactList }]) =>
    isArtifactList === true ? [name] : [],
  );
}

function parameterTypesOf({ outputDefinitions }: ComponentSpec): RunMessage['parameterTypes'] {
  const types = Object.entries(outputDefinitions?.parameters ?? {});
  return Object.fromEntries(types.map(([name, { parameterType }]) => [name, parameterType]));
}
