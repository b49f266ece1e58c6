/** Takes one task that is ready to its end: look it up, or run it, and remember what it gave. */
import { type ComponentIdentity, type ContainerSpec } from '../../spec/index.ts';
import { runAttempt, type AttemptOutcome } from './attempt.ts';
import type { CacheKey, KeyQuestion } from '../cache/cache-key.ts';
import { remember, type Lookup } from '../cache/cache-lookup.ts';
import type { Failure, Outputs } from '../events.ts';
import type { Landing } from '../cache/flights.ts';
import type { Platform } from '../platform.ts';
import { consultAlone } from './consult.ts';
import { containerOf, type Inputs, type TaskNode } from '../graph/graph.ts';
import { identityOf } from '../identity.ts';
import { pinned } from '../cache/image-pin.ts';
import { importArtifact } from './import-artifact.ts';
import type { NewEvent } from '../graph/machine.ts';
import { changeMeanwhile } from '../cache/look-again.ts';
import { resolveInputs, type ResolvedInputs } from '../graph/resolve.ts';
import { retryDelay } from './retry.ts';
import type { RunContext } from '../run-context.ts';
import { withTaskConfig } from '../task-config.ts';

/** Executes a task. Never rejects for what the task does; rejects where the log is lost. */
export async function executeTask(node: TaskNode, run: RunContext): Promise<void> {
  const task = node.path;
  const resolved = resolveInputs(node, run.facts);
  if (resolved.kind === 'missing') {
    await run.journal.record({ kind: 'task-failed', task, failure: resolved.failure });
    return;
  }
  if (node.kind === 'importer') {
    await importArtifact(node, resolved.inputs, run);
    return;
  }
  const { runner } = run.ports;
  const written = containerOf(run.compiled.spec, node);
  const environment = await runner.environmentOf?.(written, {
    signal: run.signal,
    tell: (text) => run.ports.observer.log({ task, attempt: node.attempts + 1, text }),
  });
  const image = environment === undefined ? await pinned(written, resolved.inputs, runner) : written;
  const told = { container: image, inputs: resolved.inputs };
  const { container, inputs } = await withTaskConfig(node, told, run.compiled, runner);
  const identity = identityOf(container);
  // An attempt without an end comes first: it may have finished while nobody looked.
  const question = { ...questionOf(node, container, { ...resolved, inputs }, run), environment };
  const { key, lookup, flight } = await consultAlone(question, run);
  if (lookup.kind === 'hit' && node.openAttempt === undefined) {
    const { outputs, from, platform } = lookup.entry;
    const origin = { runId: from.runId, task: from.task };
    await run.journal.record(checked(task, key, lookup), {
      kind: 'task-cached',
      task,
      outputs,
      from: origin,
      madeOn: { runner: from.runner, ...platform },
    });
    return;
  }
  const adopted = node.openAttempt;
  const before = adopted === undefined ? [checked(task, key, lookup), ...troubleOf(task, lookup)] : [];
  let landing: Landing = 'failed';
  const keep = async (done: Done): Promise<readonly NewEvent[]> => {
    landing = 'unkept';
    if (key.kind === 'none' || run.caching === 'off') return [];
    const uncacheable =
      done.uncacheable ??
      (node.attempts === adopted ? readBefore(key) : undefined) ??
      (await changeMeanwhile(key, question, run.ports.artifacts));
    if (uncacheable !== undefined) return [warning(task, `not cached: ${uncacheable}`)];
    const platform = done.platform ?? question.platform;
    const trouble = await keepInCache(task, key, lookup, { ...done, platform }, run);
    if (trouble.length === 0) landing = 'kept';
    return trouble;
  };
  let end: 'ended' | 'adopted-lost';
  try {
    end = await attemptUntilDone(node, { container, identity, inputs }, before, keep, run);
  } finally {
    flight?.land(landing);
  }
  // What died with its driver may be under way in another run by now, or done.
  if (end === 'adopted-lost') await executeTask(node, run);
}

/** An attempt of an earlier driver began when other data may have been outside than when the key was made. */
function readBefore(key: WholeKey): string | undefined {
  return Object.keys(key.fields.outside).length === 0
    ? undefined
    : 'it began before the run was resumed, and reads data from outside';
}

type WholeKey = Extract<CacheKey, { kind: 'key' }>;

/** Puts what a task gave into the cache; returns what a person should know about it. */
async function keepInCache(
  task: string,
  key: WholeKey,
  lookup: Lookup,
  { outputs, platform }: Done & { readonly platform: Platform },
  run: RunContext,
): Promise<readonly NewEvent[]> {
  const entry = {
    fingerprint: key.fingerprint,
    outputs,
    at: new Date(run.ports.clock.now()).toISOString(),
    from: { runId: run.facts.runId, task, runner: run.ports.runner.name },
    platform,
  };
  const trouble = await remember(entry, lookup.kind === 'miss' ? lookup.stale : undefined, run.ports);
  return trouble === undefined ? [] : [warning(task, `the result was not cached: ${trouble}`)];
}

export interface Work {
  readonly container: ContainerSpec;
  readonly identity: ComponentIdentity | undefined;
  readonly inputs: Inputs;
}

function questionOf(
  node: TaskNode,
  container: ContainerSpec,
  { inputs, runScoped }: Extract<ResolvedInputs, { kind: 'resolved' }>,
  { ports: { runner, outsideData } }: RunContext,
): KeyQuestion {
  const platform = runner.platformFor?.(container) ?? runner.platform;
  return { node, container, inputs, runScoped, platform, outsideData };
}

interface Done {
  readonly outputs: Outputs;
  readonly uncacheable?: string;
  /** Where they were made, where the attempt itself told. */
  readonly platform?: Platform;
}

/** Attempts a task until it succeeds, or may not be tried again; or until one that another driver began is gone with it. */
async function attemptUntilDone(
  node: TaskNode,
  work: Work,
  before: readonly NewEvent[],
  keep: (done: Done) => Promise<readonly NewEvent[]>,
  run: RunContext,
): Promise<'ended' | 'adopted-lost'> {
  const task = node.path;
  const adopted = node.openAttempt;
  let first = before;
  /** Attempts in a row that the platform took away. */
  let losses = 0;
  for (;;) {
    if (run.signal.aborted) {
      await run.journal.record(...first, { kind: 'task-cancelled', task });
      return 'ended';
    }
    const outcome = await run.attempts.use(() => runAttempt(node, work, first, run));
    if (outcome.kind === 'unstarted') continue;
    first = [];
    const attempt = node.attempts;
    if (outcome.kind === 'succeeded') {
      await run.journal.record(
        ...(await keep(outcome)),
        { kind: 'attempt-ended', task, attempt, outcome: 'succeeded' },
        { kind: 'task-succeeded', task, outputs: outcome.outputs },
      );
      return 'ended';
    }
    if (outcome.kind === 'lost') {
      losses = outcome.reason === undefined ? losses : losses + 1;
      if (!(await goesOnAfterLoss(node, attempt, outcome.reason, losses, run))) return 'ended';
      if (attempt === adopted && run.ports.flights !== undefined) return 'adopted-lost';
      continue;
    }
    losses = 0;
    const delay = await endAttempt(node, attempt, outcome, run);
    if (delay === undefined) return 'ended';
    await run.ports.clock.sleep(delay, run.signal);
  }
}

/** After so many attempts in a row that were taken away, a task fails: something takes every one. */
const mostLosses = 20;
/** The longest wait after a loss, in milliseconds. */
const longestLossDelay = 60_000;

/** Records an attempt that was taken away, and waits for the next one; tells whether there is to be one. */
async function goesOnAfterLoss(
  node: TaskNode,
  attempt: number,
  reason: string | undefined,
  losses: number,
  run: RunContext,
): Promise<boolean> {
  const task = node.path;
  const why = reason === undefined ? {} : { reason };
  const ended: NewEvent = { kind: 'attempt-ended', task, attempt, outcome: 'lost', ...why };
  if (losses >= mostLosses) {
    const failure: Failure = {
      code: 'FER4013',
      kind: 'infrastructure',
      problem: `"${task}" was taken away ${losses} times in a row, the last time because ${reason ?? 'its driver died'}`,
      fix: 'let it run where it is not preempted: another queue, priority class or node pool',
      retryable: false,
    };
    await run.journal.record(ended, { kind: 'task-failed', task, failure });
    return false;
  }
  // The driver's own death is over by now; a machine that went away may not be alone.
  const retryIn = losses === 0 ? undefined : Math.min(longestLossDelay, 500 * 2 ** losses);
  await run.journal.record(retryIn === undefined ? ended : { ...ended, retryIn });
  if (retryIn !== undefined) await run.ports.clock.sleep(retryIn, run.signal);
  return true;
}

/** Records an attempt that gave nothing; returns milliseconds until the next one, if there is to be one. */
async function endAttempt(
  node: TaskNode,
  attempt: number,
  outcome: Extract<AttemptOutcome, { kind: 'failed' | 'cancelled' }>,
  run: RunContext,
): Promise<number | undefined> {
  const task = node.path;
  if (outcome.kind === 'cancelled') {
    await run.journal.record(
      { kind: 'attempt-ended', task, attempt, outcome: 'cancelled' },
      { kind: 'task-cancelled', task },
    );
    return undefined;
  }
  const { failure } = outcome;
  const retryIn = failure.retryable ? retryDelay(node.retry, node.failures + 1) : undefined;
  const ended: NewEvent = { kind: 'attempt-ended', task, attempt, outcome: 'failed', failure };
  if (retryIn === undefined) await run.journal.record(ended, { kind: 'task-failed', task, failure });
  else await run.journal.record({ ...ended, retryIn });
  return retryIn;
}

function checked(task: string, key: CacheKey, lookup: Lookup): NewEvent {
  return {
    kind: 'cache-checked',
    task,
    decision: lookup.kind,
    reason: lookup.reason,
    ...(key.kind === 'key' && { fingerprint: key.fingerprint, fields: key.fields }),
  };
}

function troubleOf(task: string, lookup: Lookup): NewEvent[] {
  if (lookup.kind !== 'miss' || lookup.trouble === undefined) return [];
  return [warning(task, `the cache cannot be read: ${lookup.trouble}`)];
}

function warning(task: string, message: string): NewEvent {
  return { kind: 'warning', code: 'FER4008', message, task };
}
