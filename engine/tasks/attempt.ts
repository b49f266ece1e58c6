/** Runs one attempt of a task: what it must not do is happen twice, or begin before the log knows of it. */
import {
  attemptName,
  attemptRequest,
  inputsHere,
  inputsThere,
  type AttemptParts,
  type Work,
} from './attempt-request.ts';
import { attemptSink, closeLog } from './attempt-sink.ts';
import type { Failure } from '../events.ts';
import { failureOf } from '../failure.ts';
import type { Inputs, TaskNode } from '../graph/graph.ts';
import type { NewEvent } from '../graph/machine.ts';
import { outputFault } from './output-check.ts';
import { released, type AttemptKey, type AttemptResult, type AttemptSink, type Outcome } from '../ports.ts';
import type { RunContext } from '../run-context.ts';

export type AttemptOutcome =
  | Extract<AttemptResult, { kind: 'succeeded' }>
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** Its driver died and took it along, or its platform did, for a reason. */
  | { readonly kind: 'lost'; readonly reason?: string | undefined }
  /** The run was cancelled while it waited for its turn. */
  | { readonly kind: 'unstarted' };

/** Runs the next attempt of a task, or finds the one that another driver started. */
export async function runAttempt(
  node: TaskNode,
  work: Work,
  before: readonly NewEvent[],
  run: RunContext,
): Promise<AttemptOutcome> {
  const { ports, facts } = run;
  const task = node.path;
  const adopted = node.openAttempt;
  const number = adopted ?? node.attempts + 1;
  const key: AttemptKey = { runId: facts.runId, task, number };
  if (adopted === undefined) {
    if (run.signal.aborted) return { kind: 'unstarted' };
    const started: NewEvent = {
      kind: 'attempt-started',
      task,
      attempt: number,
      name: attemptName(key),
      runner: ports.runner.name,
    };
    await run.journal.record(...before, started);
  }
  try {
    const spoilt = adopted === undefined ? await spoiltInput(node, work.inputs, run) : undefined;
    if (spoilt !== undefined) return { kind: 'failed', failure: spoilt };
    const attempt: Trial = { node, work, key, run, adopted: adopted !== undefined };
    return (adopted === undefined ? undefined : await endedBefore(attempt)) ?? (await tried(attempt));
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** One attempt at work. */
interface Trial extends AttemptParts {
  /** Whether another driver started it. */
  readonly adopted: boolean;
}

/** Runs the attempt, or follows the one that runs, and makes what it says the outcome. */
async function tried(trial: Trial): Promise<AttemptOutcome> {
  const { node, key, run } = trial;
  const log = await run.ports.artifacts.openLog(key, !trial.adopted);
  const sink = attemptSink(key, log, run);
  try {
    const outcome = await (trial.adopted ? adopt : start)(trial, sink);
    if (outcome.kind === 'cancelled') {
      // Whoever cancelled it, this run was not: another driver let go of it.
      return run.signal.aborted ? outcome : ((await keptResult(trial)) ?? { kind: 'lost' });
    }
    if (outcome.kind === 'succeeded') return await commit(trial, outcome);
    // An attempt that stages for itself may have written its result whatever its platform says of it.
    return (
      (await keptResult(trial, outcome.kind === 'sealed' ? outcome.image : undefined)) ??
      (outcome.kind === 'sealed' ? { kind: 'failed', failure: withoutResult(node) } : outcome)
    );
  } finally {
    sink.flush();
    await closeLog(log, node.path, run);
  }
}

/** Milliseconds in which the rest of the log of an attempt must come whose result is there. */
const logPatience = 15_000;

/**
 * Takes the result of an attempt that ended while nobody looked; undefined where it has none. What it printed since is
 * kept too, as far as its platform still has it.
 */
async function endedBefore(trial: Trial): Promise<AttemptOutcome | undefined> {
  const { node, key, run } = trial;
  const result = await keptResult(trial);
  if (result === undefined) return undefined;
  const enough = new AbortController();
  const log = await run.ports.artifacts.openLog(key);
  const sink = attemptSink(key, log, run);
  try {
    const reading = adopt(trial, sink, AbortSignal.any([run.signal, enough.signal]));
    await Promise.race([reading, run.ports.clock.sleep(logPatience, enough.signal)]);
    enough.abort(released);
    const outcome = await reading;
    if (outcome.kind === 'sealed') return await keptResult(trial, outcome.image);
  } catch {
    // Whatever is wrong there, the result stands.
  } finally {
    enough.abort(released);
    sink.flush();
    await closeLog(log, node.path, run);
  }
  return result;
}

/** Reads the result that an attempt wrote; undefined where it wrote none. */
async function keptResult({ node, key, run }: Trial, image?: string): Promise<AttemptOutcome | undefined> {
  const result = await run.ports.artifacts.result(key);
  if (result?.kind !== 'succeeded') return result;
  const fault = outputFault(node, result.outputs.parameters);
  if (fault !== undefined) return { kind: 'failed', failure: fault };
  if (image === undefined) return result;
  return { ...result, platform: { ...run.ports.runner.platform, ...result.platform, image } };
}

/**
 * Looks whether the inputs still are what the cache key says. A component that writes to its inputs would otherwise
 * have the next one compute something else under the same key.
 */
async function spoiltInput(node: TaskNode, inputs: Inputs, run: RunContext): Promise<Failure | undefined> {
  for (const [name, list] of Object.entries(inputs.artifacts))
    for (const artifact of list) {
      if (artifact.producer === undefined || artifact.digest === undefined) continue;
      const found = await run.ports.artifacts.verify(artifact);
      if (found.kind === 'intact') continue;
      return {
        code: 'FER4011',
        kind: 'user',
        problem: `the input "${name}" of "${node.path}" is not what "${artifact.producer.task}" made: ${found.reason}`,
        fix: `a component must not write to its inputs; run again with --from ${artifact.producer.task}`,
        retryable: false,
      };
    }
  return undefined;
}

/** Whether an attempt needs a folder, which has its result beside what it wrote: most small ones do not. */
function hasPlaces({ node, work, run }: Trial): boolean {
  const { runner } = run.ports;
  const writes = Object.keys(node.component.outputDefinitions?.artifacts ?? {}).length > 0;
  return writes || runner.staging === 'attempt' || (runner.usesPlaces?.(work.container) ?? true);
}

async function start(trial: Trial, sink: AttemptSink): Promise<Outcome> {
  const { node, work, key, run } = trial;
  const { artifacts, runner } = run.ports;
  if (runner.staging === 'driver') {
    const places = hasPlaces(trial)
      ? await artifacts.prepare(key, node.component)
      : artifacts.places(key, node.component, 'driver');
    return runner.start(attemptRequest(trial, places, await inputsHere(work.inputs, artifacts)), sink);
  }
  const attempt = attemptRequest(trial, artifacts.places(key, node.component, 'attempt'), inputsThere(trial));
  await artifacts.assign({
    attempt: key,
    startedAt: attempt.startedAt,
    component: node.component,
    input: attempt.input,
    artifacts: work.inputs.artifacts,
    strict: work.identity !== undefined,
  });
  return runner.start(attempt, sink);
}

async function adopt(trial: Trial, sink: AttemptSink, signal = trial.run.signal): Promise<AdoptedOutcome> {
  const { node, work, key, run } = trial;
  const { artifacts, runner } = run.ports;
  const places = artifacts.places(key, node.component, runner.staging);
  const inputs = runner.staging === 'driver' ? await inputsHere(work.inputs, artifacts) : inputsThere(trial);
  const adoption = await runner.adopt({ ...attemptRequest(trial, places, inputs), signal }, sink);
  return adoption.kind === 'running' ? adoption.outcome : { kind: 'lost' };
}

type AdoptedOutcome = Outcome | { readonly kind: 'lost'; readonly reason?: undefined };

/** Keeps what a succeeded attempt gave: from here on it is the outcome, whoever looks. */
async function commit(
  trial: Trial,
  outcome: Extract<Outcome, { kind: 'succeeded' }>,
): Promise<AttemptResult> {
  const { node, work, key, run } = trial;
  const values = outcome.output.parameterValues ?? {};
  const fault = outputFault(node, values);
  if (fault !== undefined) return { kind: 'failed', failure: fault };
  const { uncacheable } = outcome;
  if (!hasPlaces(trial)) {
    const declared = Object.keys(node.component.outputDefinitions?.parameters ?? {});
    const parameters = Object.fromEntries(Object.entries(values).filter(([name]) => declared.includes(name)));
    const outputs = { parameters, artifacts: {} };
    return { kind: 'succeeded', outputs, ...(uncacheable !== undefined && { uncacheable }) };
  }
  return run.ports.artifacts.seal(key, node.component, outcome.output, {
    strict: work.identity !== undefined,
    ...(uncacheable !== undefined && { uncacheable }),
  });
}

function withoutResult(node: TaskNode): Failure {
  return {
    code: 'FER4012',
    kind: 'infrastructure',
    problem: `an attempt of "${node.path}" ended without a result under the pipeline root`,
    fix: 'look at its log: the root may not have been writable from where it ran',
    retryable: true,
  };
}
