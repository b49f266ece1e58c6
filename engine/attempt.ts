/** Runs one attempt of a task: what it must not do is happen twice, or begin before the log knows of it. */
import {
  digestOf,
  hexOf,
  type ArtifactList,
  type ComponentSpec,
  type ExecutorOutput,
  hasParameterType,
  type JsonValue,
} from '../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs } from './events.ts';
import type { Work } from './execute-task.ts';
import { failureOf } from './failure.ts';
import type { Inputs, TaskNode } from './graph.ts';
import type { NewEvent } from './machine.ts';
import type { Attempt, AttemptKey, AttemptPlaces, AttemptResult, LogSink, Outcome } from './ports.ts';
import type { RunContext } from './run-context.ts';

export type AttemptOutcome =
  | { readonly kind: 'succeeded'; readonly outputs: Outputs; readonly uncacheable?: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** Its driver died and took it along. */
  | { readonly kind: 'lost' }
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
    if (adopted !== undefined) {
      const result = await ports.artifacts.result(key);
      if (result !== undefined) return result;
    }
    const spoilt = adopted === undefined ? await spoiltInput(node, work.inputs, run) : undefined;
    if (spoilt !== undefined) return { kind: 'failed', failure: spoilt };
    const log = ports.artifacts.openLog(key);
    const sink = watched(key, log, run);
    try {
      const outcome =
        adopted === undefined
          ? await ports.runner.start(await prepared(node, work, key, run), sink)
          : await adopt(node, work, key, sink, run);
      // Whoever cancelled it, this run was not: another driver let go of it.
      if (outcome.kind === 'cancelled' && adopted !== undefined && !run.signal.aborted)
        return { kind: 'lost' };
      if (outcome.kind !== 'succeeded') return outcome;
      return await commit(node, work, key, outcome, run);
    } finally {
      await closeLog(log, task, run);
    }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
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

/** Ends a log. What it could not keep is worth a warning, and no reason to lose a task's result. */
async function closeLog(log: { close(): Promise<void> }, task: string, run: RunContext): Promise<void> {
  try {
    await log.close();
  } catch (error) {
    const { code, problem } = failureOf(error);
    await run.journal.record({ kind: 'warning', code, message: `the log is not complete: ${problem}`, task });
  }
}

async function adopt(
  node: TaskNode,
  work: Work,
  key: AttemptKey,
  sink: LogSink,
  run: RunContext,
): Promise<Outcome | { readonly kind: 'lost' }> {
  const places = run.ports.artifacts.places(key, node.component);
  const adoption = await run.ports.runner.adopt(attemptOf(node, work, key, places, run), sink);
  return adoption.kind === 'running' ? adoption.outcome : { kind: 'lost' };
}

/** Keeps what a succeeded attempt gave: from here on it is the outcome, whoever looks. */
async function commit(
  node: TaskNode,
  work: Work,
  key: AttemptKey,
  outcome: Extract<Outcome, { kind: 'succeeded' }>,
  run: RunContext,
): Promise<AttemptResult> {
  const wrong = wrongParameter(node.component, outcome.output);
  if (wrong !== undefined) return { kind: 'failed', failure: wrongValue(node, wrong) };
  const { uncacheable } = outcome;
  return run.ports.artifacts.seal(key, node.component, outcome.output, {
    strict: work.identity !== undefined,
    ...(uncacheable !== undefined && { uncacheable }),
  });
}

/** Names an attempt by what it is: a platform that refuses a taken name refuses a second one of it. */
function attemptName(key: AttemptKey): string {
  const hash = hexOf(digestOf(JSON.stringify([key.runId, key.task, key.number])));
  const head = key.task.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
  return `${head.slice(0, 30).replaceAll(/^-+|-+$/g, '') || 'task'}-${hash.slice(0, 24)}`;
}

async function prepared(node: TaskNode, work: Work, key: AttemptKey, run: RunContext): Promise<Attempt> {
  const places = await run.ports.artifacts.prepare(key, node.component);
  return attemptOf(node, work, key, places, run);
}

function attemptOf(
  node: TaskNode,
  work: Work,
  key: AttemptKey,
  places: AttemptPlaces,
  run: RunContext,
): Attempt {
  const { ports, facts, compiled } = run;
  const label = node.component.executorLabel ?? '';
  const deadline = compiled.platform?.platforms.kubernetes?.deploymentSpec?.executors?.[label];
  const timeoutSeconds = Number(deadline?.activeDeadlineSeconds ?? 0);
  return {
    name: attemptName(key),
    runId: facts.runId,
    pipeline: facts.pipeline,
    task: node.path,
    number: key.number,
    container: work.container,
    ...(work.identity && { identity: work.identity }),
    component: node.component,
    input: {
      inputs: executorInputs(work.inputs, (uri) => ports.artifacts.locate(uri)),
      outputs: places.outputs,
    },
    folder: places.folder,
    ...(timeoutSeconds > 0 && { timeoutSeconds }),
    signal: run.signal,
  };
}

function executorInputs(
  inputs: Inputs,
  locate: (uri: string) => string,
): { parameterValues: Readonly<Record<string, JsonValue>>; artifacts: Record<string, ArtifactList> } {
  const given = ({ name, type, uri, metadata }: ArtifactRecord): ArtifactList['artifacts'][number] => ({
    name,
    type,
    uri: locate(uri),
    metadata,
  });
  return {
    parameterValues: inputs.parameters,
    artifacts: Object.fromEntries(
      Object.entries(inputs.artifacts).map(([name, list]) => [name, { artifacts: list.map(given) }]),
    ),
  };
}

/** Passes lines on to the log and to whoever watches. */
function watched(key: AttemptKey, log: LogSink, run: RunContext): LogSink {
  return {
    line(text) {
      log.line(text);
      try {
        run.ports.observer.log({ task: key.task, attempt: key.number, text });
      } catch {
        // A watcher's trouble is its own.
      }
    },
  };
}

/** Tells which output parameter is missing or has another type than the component declares. */
function wrongParameter(component: ComponentSpec, output: ExecutorOutput): string | undefined {
  for (const [name, { parameterType }] of Object.entries(component.outputDefinitions?.parameters ?? {})) {
    const value = output.parameterValues?.[name];
    if (value === undefined) return `gave no value for its output "${name}"`;
    if (!hasParameterType(value, parameterType))
      return `gave ${JSON.stringify(value).slice(0, 80)} for its output "${name}", which is ${parameterType}`;
  }
  return undefined;
}

function wrongValue(node: TaskNode, problem: string): Failure {
  return {
    code: 'FER4010',
    kind: 'user',
    problem: `the task "${node.path}" ${problem}`,
    fix: 'return what the component declares',
    retryable: false,
  };
}
