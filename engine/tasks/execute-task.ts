/** Takes one task that is ready to its end: look it up, or run it, and remember what it gave. */
import {
  attemptUntilDone,
  type Done,
  type Keeping,
  type TrialsEnd,
  type Waited,
} from './attempt-until-done.ts';
import { cacheKeyOf, type CacheKey, type KeyQuestion } from '../cache/cache-key.ts';
import { lookUp, remember, type Lookup } from '../cache/cache-lookup.ts';
import { alone, joinFlight, type Flight, type Maker } from '../cache/flights.ts';
import { failureOf } from '../failure.ts';
import type { TaskNode } from '../graph/graph.ts';
import type { NewEvent } from '../graph/machine.ts';
import { resolveInputs } from '../graph/resolve.ts';
import { identityOf } from '../identity.ts';
import { importArtifact } from './import-artifact.ts';
import { changeMeanwhile } from '../cache/look-again.ts';
import { prepareTask } from './prepare-task.ts';
import type { RunContext } from '../run-context.ts';

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
  // An attempt that an earlier driver started is at it already, whoever begins while this one still looks around.
  const going = node.openAttempt === undefined ? undefined : join(node, run.fingerprintOf(task), run);
  going?.begin();
  try {
    const question = await prepareTask(node, resolved, run.compiled, run.ports, {
      signal: run.signal,
      tell: (text) => run.ports.observer.log({ task, attempt: node.attempts + 1, text }),
    });
    let end = await lookUpOrRun(question, going, undefined, run);
    while (end.kind === 'made') end = await lookUpOrRun(question, undefined, end.waitedFor, run);
  } finally {
    going?.leave('failed');
  }
}

/**
 * Looks a task up, and runs it where that gives nothing. `made`: it is worth looking again.
 * @param going the flight of an attempt that an earlier driver started
 * @param waitedFor the task that has put its result into the cache
 */
async function lookUpOrRun(
  question: KeyQuestion,
  going: Flight | undefined,
  waitedFor: Maker | undefined,
  run: RunContext,
): Promise<TrialsEnd> {
  const { node, container, inputs } = question;
  const task = node.path;
  const { key, lookup, flight } = await run.lookups.use(() => consult(question, going, run));
  let end: TrialsEnd = { kind: 'ended', landing: 'failed' };
  try {
    const adopted = node.openAttempt;
    // An attempt without an end comes first: it may have finished while nobody looked.
    if (lookup.kind === 'hit' && adopted === undefined) {
      const { outputs, from, platform } = lookup.entry;
      const waited = waitedFor?.runId === from.runId && waitedFor.task === from.task;
      const reason = waited ? `${lookup.reason}, which it waited for` : lookup.reason;
      await run.journal.record(checked(task, key, { ...lookup, reason }), {
        kind: 'task-cached',
        task,
        outputs,
        from: { runId: from.runId, task: from.task },
        madeOn: { runner: from.runner, ...platform },
      });
      return end;
    }
    end = await attemptUntilDone(
      {
        node,
        work: { container, identity: identityOf(container), inputs },
        flight,
        isKnown: lookup.kind === 'hit',
        before: (waited) =>
          adopted !== undefined && waited === undefined
            ? []
            : [checked(task, key, afterWait(lookup, waited)), ...troubleOf(task, lookup)],
        waiting: (maker) => ({
          ...checked(task, key, { kind: 'miss', reason: `waits for ${shown(maker)}, which makes the same` }),
          waitsFor: maker,
        }),
        keep: (done) => keep(done, question, { key, lookup, adopted }, run),
      },
      run,
    );
    return end;
  } finally {
    flight.leave(end.kind === 'ended' ? end.landing : 'failed');
  }
}

/** Joins the tasks that need the same; one that takes nothing from the cache is alone. */
function join(node: TaskNode, fingerprint: string | undefined, run: RunContext): Flight {
  if (fingerprint === undefined || run.caching !== 'on' || node.anew) return alone;
  return joinFlight(run.ports.cache, fingerprint, { runId: run.facts.runId, task: node.path });
}

interface Consulted {
  readonly key: CacheKey;
  readonly lookup: Lookup;
  readonly flight: Flight;
}

async function consult(
  question: KeyQuestion,
  going: Flight | undefined,
  run: RunContext,
): Promise<Consulted> {
  const { node } = question;
  const key = await keyOf(question, run);
  const flight = going ?? join(node, key.kind === 'key' ? key.fingerprint : undefined, run);
  return { key, flight, lookup: await lookUp({ key, caching: run.caching, anew: node.anew }, run.ports) };
}

async function keyOf(question: KeyQuestion, run: RunContext): Promise<CacheKey> {
  // To look at what lies outside may take long.
  if (run.caching === 'off') return { kind: 'none', reason: 'the run was started without the cache' };
  try {
    return await cacheKeyOf(question);
  } catch (error) {
    // Data that cannot be read now is the component's to complain about, in its own words.
    return { kind: 'none', reason: `its inputs cannot be digested: ${failureOf(error).problem}` };
  }
}

interface Asked {
  readonly key: CacheKey;
  readonly lookup: Lookup;
  /** The attempt that an earlier driver started. */
  readonly adopted: number | undefined;
}

/** Puts what a task gave into the cache, unless there is a reason not to. */
async function keep(
  done: Done,
  question: KeyQuestion,
  { key, lookup, adopted }: Asked,
  run: RunContext,
): Promise<Keeping> {
  const { node } = question;
  const task = node.path;
  if (key.kind === 'none' || run.caching === 'off') return { landing: 'not-kept', events: [] };
  const uncacheable =
    done.uncacheable ??
    (node.attempts === adopted ? readBefore(key) : undefined) ??
    (await changeMeanwhile(key, question, run.ports.artifacts));
  if (uncacheable !== undefined) return notKept(task, `not cached: ${uncacheable}`);
  const entry = {
    fingerprint: key.fingerprint,
    outputs: done.outputs,
    at: new Date(run.ports.clock.now()).toISOString(),
    from: { runId: run.facts.runId, task, runner: run.ports.runner.name },
    platform: done.platform ?? question.platform,
  };
  const trouble = await remember(entry, lookup.kind === 'miss' ? lookup.stale : undefined, run.ports);
  return trouble === undefined
    ? { landing: 'kept', events: [] }
    : notKept(task, `the result was not cached: ${trouble}`);
}

function notKept(task: string, message: string): Keeping {
  return { landing: 'not-kept', events: [warning(task, message)] };
}

/** An attempt of an earlier driver began when other data may have been outside than when the key was made. */
function readBefore(key: Extract<CacheKey, { kind: 'key' }>): string | undefined {
  return Object.keys(key.fields.outside).length === 0
    ? undefined
    : 'it began before the run was resumed, and reads data from outside';
}

function checked(
  task: string,
  key: CacheKey,
  { kind, reason }: Pick<Lookup, 'kind' | 'reason'>,
): CheckedEvent {
  return {
    kind: 'cache-checked',
    task,
    decision: kind,
    reason,
    ...(key.kind === 'key' && { fingerprint: key.fingerprint, fields: key.fields }),
  };
}

type CheckedEvent = Extract<NewEvent, { kind: 'cache-checked' }>;

/** Tells why a task runs after all that waited for another. */
function afterWait(lookup: Lookup, waited: Waited | undefined): Pick<Lookup, 'kind' | 'reason'> {
  if (waited === undefined) return lookup;
  const became = waited.landing === 'not-kept' ? 'gave what is not cached' : 'gave nothing';
  return { kind: lookup.kind, reason: `${shown(waited.maker)}, which it waited for, ${became}` };
}

function shown({ runId, task }: Maker): string {
  return `"${task}" of run ${runId}`;
}

function troubleOf(task: string, lookup: Lookup): NewEvent[] {
  if (lookup.kind !== 'miss' || lookup.trouble === undefined) return [];
  return [warning(task, `the cache cannot be read: ${lookup.trouble}`)];
}

function warning(task: string, message: string): NewEvent {
  return { kind: 'warning', code: 'FER4008', message, task };
}
