/** Tells what a run would do, without doing it: the same key, the same lookup, no attempt. */
import { cacheKeyOf, type CacheKey } from './cache/cache-key.ts';
import { lookUp } from './cache/cache-lookup.ts';
import { checkPipeline } from './check/check.ts';
import { withSelection } from './check/check-selection.ts';
import { dagOutputs } from './graph/dag-outputs.ts';
import {
  earlierFingerprints,
  type EarlierFingerprints,
  type NearFingerprint,
} from './cache/earlier-fingerprints.ts';
import type { TaskKind } from './events.ts';
import { failureOf } from './failure.ts';
import type { FieldDifference } from './cache/field-differences.ts';
import { conditionOf, decide, loadExpressions } from './graph/expressions.ts';
import { openScope, type Scope, type TaskNode } from './graph/graph.ts';
import { importedArtifact } from './tasks/import-artifact.ts';
import { prepareTask } from './tasks/prepare-task.ts';
import type { EnginePorts } from './ports.ts';
import { unwantedReason } from './graph/look-at.ts';
import { iterationNode, itemsOf, loopOutputs, openLoop } from './graph/loop.ts';
import { unknownInputs, unknownTasks, type Unknown } from './plan-unknown.ts';
import type { RunRequest } from './request.ts';
import { resolveInputs, type RunFacts } from './graph/resolve.ts';
import { rootOf } from './tasks/left-out.ts';
import { runsAnyway } from './tasks/exit-task.ts';
import { selectionInside, type Selection } from './graph/selection.ts';

/** What a run would do. */
export interface Plan {
  readonly pipeline: string;
  readonly tasks: readonly PlannedTask[];
}

export interface PlannedTask {
  /** The task's path; `*` stands for the iterations of a loop whose items are not known. */
  readonly name: string;
  readonly kind: TaskKind;
  readonly component: string;
  /** `unknown`: it depends on what a task that will run gives, or whether it runs does. */
  readonly decision: 'hit' | 'run' | 'unknown' | 'skip';
  readonly reason: string;
  /** What differs from the nearest earlier fingerprint of the same component, where that is why it runs. */
  readonly differences?: readonly FieldDifference[];
}

interface Decision extends Pick<PlannedTask, 'decision' | 'reason' | 'differences'> {
  /** Whether it may turn out that it does not run at all. */
  readonly undecided?: true;
}

interface Planning {
  readonly request: RunRequest;
  readonly ports: EnginePorts;
  readonly planned: Map<TaskNode, Decision>;
  /** In order: also tasks of which there is no telling yet how many there will be. */
  readonly tasks: PlannedTask[];
  readonly earlier: EarlierFingerprints;
}

/**
 * Tells what a run would do, task by task, and why. Runs nothing and writes nothing.
 * @throws UserErrors for a pipeline that cannot run here
 */
export async function planRun(given: RunRequest, ports: EnginePorts): Promise<Plan> {
  const { spec } = given.compiled;
  await loadExpressions(spec);
  checkPipeline(given.compiled, ports.runner);
  const request = withSelection(given);
  const selection: Selection = {
    ...(request.only !== undefined && { only: request.only }),
    ...(request.from !== undefined && { from: request.from }),
  };
  const inputs = { parameters: request.parameters, artifacts: {} };
  const root = openScope(spec, spec.root.dag ?? {}, inputs, undefined, selection);
  const planned = new Map<TaskNode, Decision>();
  const planning: Planning = { request, ports, planned, tasks: [], earlier: earlierFingerprints(ports) };
  await planScope(root, new Map(), planning);
  return { pipeline: spec.pipelineInfo.name, tasks: planning.tasks };
}

async function planScope(scope: Scope, unknown: Unknown, planning: Planning): Promise<void> {
  const queue = [...scope.nodes.values()].filter((node) => node.waitingFor === 0);
  for (const node of queue) {
    await planNode(node, unknown, planning);
    for (const follower of node.followers) if (--follower.waitingFor === 0) queue.push(follower);
  }
}

async function planNode(node: TaskNode, unknown: Unknown, planning: Planning): Promise<void> {
  // A task is listed before those in it, and decided after them.
  const at = planning.tasks.length;
  const list = (decision: Decision): void => {
    const { kind, task } = node;
    const { undecided: _, ...shown } = decision;
    planning.tasks[at] = { name: node.path, kind, component: task.componentRef.name, ...shown };
  };
  planning.planned.set(node, { decision: 'unknown', reason: '' });
  list({ decision: 'unknown', reason: '' });
  const decision = await decisionOn(node, unknown, planning);
  planning.planned.set(node, decision);
  list(decision);
  if (decision.decision === 'hit') node.status = 'succeeded';
  if (decision.decision === 'skip') node.status = 'skipped';
  if (
    decision.decision === 'unknown' &&
    (node.kind === 'dag' || node.kind === 'loop') &&
    planning.tasks.length === at + 1
  )
    planning.tasks.push(...unknownTasks(planning.request.compiled.spec, node, decision.reason));
}

async function decisionOn(node: TaskNode, unknown: Unknown, planning: Planning): Promise<Decision> {
  if (node.leftOut !== undefined) return { decision: 'skip', reason: node.leftOut };
  if (!runsAnyway(node.task)) {
    const reason = unwantedReason(node);
    if (reason !== undefined) {
      node.unwanted = true;
      return { decision: 'skip', reason };
    }
    const maybe = node.after.find((before) => planning.planned.get(before)?.undecided === true);
    if (maybe !== undefined)
      return { decision: 'unknown', reason: `runs only if "${maybe.path}" does`, undecided: true };
  }
  const condition = node.iteration === undefined ? conditionOf(node.task) : undefined;
  if (condition !== undefined) {
    const [missing] = unknownInputs(node, unknown, isKept(planning));
    if (missing !== undefined) {
      const reason = `its condition depends on what "${missing[1]}" gives`;
      return { decision: 'unknown', reason, undecided: true };
    }
    const resolved = resolveInputs(node, factsOf(planning));
    if (resolved.kind === 'missing') return { decision: 'run', reason: resolved.failure.problem };
    const decision = decide(condition, node, resolved.inputs);
    if (decision.kind === 'failed') return { decision: 'run', reason: decision.failure.problem };
    if (decision.kind === 'skip') {
      node.unwanted = true;
      return { decision: 'skip', reason: decision.reason };
    }
  }
  switch (node.kind) {
    case 'dag':
      return planDag(node, unknown, planning);
    case 'loop':
      return planLoop(node, unknown, planning);
    default:
      return planTask(node, unknown, planning);
  }
}

async function planDag(node: TaskNode, unknown: Unknown, planning: Planning): Promise<Decision> {
  const { spec } = planning.request.compiled;
  const inside = new Map(unknownInputs(node, unknown, isKept(planning)));
  const resolved = resolveInputs(node, factsOf(planning));
  const inputs = resolved.kind === 'missing' ? resolved.known : resolved.inputs;
  const scope = openScope(spec, node.component.dag ?? {}, inputs, node, selectionInside(node));
  await planScope(scope, inside, planning);
  node.outputs = dagOutputs(scope).outputs;
  return whole([...scope.nodes.values()], 'tasks', planning);
}

async function planLoop(node: TaskNode, unknown: Unknown, planning: Planning): Promise<Decision> {
  const { spec } = planning.request.compiled;
  const unknowns = new Map(unknownInputs(node, unknown, isKept(planning)));
  const { parameterIterator, artifactIterator } = node.task;
  const list = artifactIterator?.items.inputArtifact ?? parameterIterator?.items.inputParameter ?? '';
  const maker = unknowns.get(list);
  if (maker !== undefined) return { decision: 'unknown', reason: `goes over what "${maker}" gives` };
  const resolved = resolveInputs(node, factsOf(planning));
  const inputs = resolved.kind === 'missing' ? resolved.known : resolved.inputs;
  const found = itemsOf(node, inputs);
  if (found.kind === 'none') return { decision: 'run', reason: found.failure.problem };
  const scope = openLoop(node, inputs, found.items);
  const { start = 0, end = 0, outputs = [] } = scope.loop ?? {};
  const iterations: TaskNode[] = [];
  for (let index = start; index < end; index++) {
    const iteration = iterationNode(spec, scope, index);
    iterations.push(iteration);
    await planNode(iteration, unknowns, planning);
    outputs[index] = iteration.outputs;
  }
  const decision = whole(iterations, 'iterations', planning);
  if (decision.decision === 'hit') node.outputs = loopOutputs(scope);
  return decision;
}

/** Decides on a task by those in it. */
function whole(nodes: readonly TaskNode[], what: string, { planned }: Planning): Decision {
  const below = nodes.map((node) => planned.get(node)?.decision);
  if (below.includes('run')) return { decision: 'run', reason: `some of its ${what} will run` };
  if (below.includes('unknown')) return { decision: 'unknown', reason: `some of its ${what} are unknown` };
  return {
    decision: 'hit',
    reason: below.length === 0 ? `it has no ${what}` : `all of its ${what} are in the cache`,
  };
}

async function planTask(node: TaskNode, unknown: Unknown, planning: Planning): Promise<Decision> {
  const { request, ports } = planning;
  if (node.exit) return { decision: 'run', reason: 'an exit task runs in every run' };
  if (request.caching === 'off') return { decision: 'run', reason: 'the cache is off' };
  if (node.anew) return { decision: 'run', reason: 'the run starts from here on' };
  const cached = node.kind === 'importer' || node.task.cachingOptions?.enableCache === true;
  if (!cached) return { decision: 'run', reason: 'the pipeline turns the cache off for this task' };
  const [missing] = unknownInputs(node, unknown, isKept(planning));
  if (missing !== undefined) return { decision: 'unknown', reason: `depends on what "${missing[1]}" gives` };
  const resolved = resolveInputs(node, factsOf(planning));
  if (resolved.kind === 'missing') return { decision: 'run', reason: resolved.failure.problem };
  if (node.kind === 'importer') {
    const imported = await importedArtifact(node, resolved.inputs, request.compiled.spec, {
      ...ports,
      facts: factsOf(planning),
    });
    if (imported.kind === 'imported') node.outputs = imported.outputs;
    return { decision: 'run', reason: 'what it imports is looked at in every run' };
  }
  let key: CacheKey;
  try {
    key = await cacheKeyOf(await prepareTask(node, resolved, request.compiled, ports, undefined));
  } catch (error) {
    return { decision: 'run', reason: `its inputs cannot be digested: ${failureOf(error).problem}` };
  }
  const lookup = await lookUp({ key, caching: request.caching, anew: false }, ports);
  if (lookup.kind !== 'hit') {
    // An entry that did not hold is reason enough; where there is none, what changed is the reason.
    const near =
      lookup.kind === 'miss' && lookup.stale === undefined && key.kind === 'key'
        ? await planning.earlier.nearest(key.fields, node.path)
        : undefined;
    return whyItRuns(lookup.reason, near);
  }
  node.outputs = lookup.entry.outputs;
  return { decision: 'hit', reason: lookup.reason };
}

function whyItRuns(reason: string, near: NearFingerprint | undefined): Decision {
  if (near === undefined || near.differences.length === 0) return { decision: 'run', reason };
  const { differences, runId } = near;
  const named = differences.map(({ field }) => field).join(', ');
  return { decision: 'run', reason: `since run ${runId} there changed: ${named}`, differences };
}

/** Whether what a task gives is in the cache, as far as is known. */
function isKept({ planned }: Planning): (maker: TaskNode) => boolean {
  return (maker) => planned.get(maker)?.decision === 'hit';
}

function factsOf({ request, ports }: Planning): RunFacts {
  const pipeline = request.compiled.spec.pipelineInfo.name;
  return { runId: request.runId, pipeline, startedAt: '', root: rootOf(ports) };
}
