/** Tells what a run would do, without doing it: the same key, the same lookup, no attempt. */
import { cacheKeyOf, type CacheKey } from './cache-key.ts';
import { lookUp } from './cache-lookup.ts';
import { checkPipeline } from './check.ts';
import { checkSelection } from './check-selection.ts';
import { dagOutputs } from './dag-outputs.ts';
import {
  earlierFingerprints,
  type EarlierFingerprints,
  type NearFingerprint,
} from './earlier-fingerprints.ts';
import type { TaskKind } from './events.ts';
import { failureOf } from './failure.ts';
import type { FieldDifference } from './field-differences.ts';
import {
  containerOf,
  openScope,
  selectionInside,
  type Scope,
  type Selection,
  type TaskNode,
} from './graph.ts';
import { pinned } from './image-pin.ts';
import { importedArtifact } from './import-artifact.ts';
import type { EnginePorts } from './ports.ts';
import type { RunRequest } from './request.ts';
import { resolveInputs } from './resolve.ts';

/** What a run would do. */
export interface Plan {
  readonly pipeline: string;
  readonly tasks: readonly PlannedTask[];
}

interface PlannedTask {
  /** The task's path. */
  readonly name: string;
  readonly kind: TaskKind;
  readonly component: string;
  /** `unknown`: it depends on what a task that will run gives. */
  readonly decision: 'hit' | 'run' | 'unknown' | 'skip';
  readonly reason: string;
  /** What differs from the nearest earlier fingerprint of the same component, where that is why it runs. */
  readonly differences?: readonly FieldDifference[];
}

type Decision = Pick<PlannedTask, 'decision' | 'reason' | 'differences'>;

interface Planning {
  readonly request: RunRequest;
  readonly ports: EnginePorts;
  readonly planned: Map<TaskNode, Decision>;
  readonly earlier: EarlierFingerprints;
}

/**
 * Tells what a run would do, task by task, and why. Runs nothing and writes nothing.
 * @throws UserErrors for a pipeline that cannot run here
 */
export async function planRun(request: RunRequest, ports: EnginePorts): Promise<Plan> {
  const { spec } = request.compiled;
  checkPipeline(request.compiled, ports.runner);
  checkSelection(request);
  const selection: Selection = {
    ...(request.only !== undefined && { only: request.only }),
    ...(request.from !== undefined && { from: request.from }),
  };
  const inputs = { parameters: request.parameters, artifacts: {} };
  const root = openScope(spec, spec.root.dag ?? {}, inputs, undefined, selection);
  const planned = new Map<TaskNode, Decision>();
  const planning = { request, ports, planned, earlier: earlierFingerprints(ports) };
  await planScope(root, selection, new Map(), planning);
  const tasks = [...planning.planned].map(([node, decision]) => ({
    name: node.path,
    kind: node.kind,
    component: node.task.componentRef.name,
    ...decision,
  }));
  return { pipeline: spec.pipelineInfo.name, tasks };
}

/** @param unknown inputs of the scope that a run must make first: the task that makes each */
async function planScope(
  scope: Scope,
  selection: Selection,
  unknown: ReadonlyMap<string, string>,
  planning: Planning,
): Promise<void> {
  const queue = [...scope.nodes.values()].filter((node) => node.waitingFor === 0);
  for (const node of queue) {
    planning.planned.set(node, { decision: 'unknown', reason: '' });
    const decision =
      node.kind === 'dag' && node.leftOut === undefined
        ? await planDag(node, selection, unknown, planning)
        : await planTask(node, unknown, planning);
    planning.planned.set(node, decision);
    for (const follower of node.followers) if (--follower.waitingFor === 0) queue.push(follower);
  }
}

async function planDag(
  node: TaskNode,
  selection: Selection,
  unknown: ReadonlyMap<string, string>,
  planning: Planning,
): Promise<Decision> {
  const { compiled } = planning.request;
  const inside = new Map<string, string>();
  for (const [name, maker] of unknownInputs(node, unknown, planning)) inside.set(name, maker);
  const resolved = resolveInputs(node, factsOf(planning));
  const inputs = resolved.kind === 'missing' ? resolved.known : resolved.inputs;
  const narrowed = selectionInside(selection, node.name);
  const scope = openScope(compiled.spec, node.component.dag ?? {}, inputs, node, narrowed);
  await planScope(scope, narrowed, inside, planning);
  node.outputs = dagOutputs(scope).outputs;
  const below = [...scope.nodes.values()].map((child) => planning.planned.get(child)?.decision);
  if (below.includes('run')) return { decision: 'run', reason: 'some of its tasks will run' };
  if (below.includes('unknown')) return { decision: 'unknown', reason: 'some of its tasks are unknown' };
  return { decision: 'hit', reason: 'all of its tasks are in the cache' };
}

async function planTask(
  node: TaskNode,
  unknown: ReadonlyMap<string, string>,
  planning: Planning,
): Promise<Decision> {
  const { request, ports } = planning;
  if (node.leftOut !== undefined) return { decision: 'skip', reason: node.leftOut };
  if (request.caching === 'off') return { decision: 'run', reason: 'the cache is off' };
  if (node.anew) return { decision: 'run', reason: 'the run starts from here on' };
  const cached = node.kind === 'importer' || node.task.cachingOptions?.enableCache === true;
  if (!cached) return { decision: 'run', reason: 'the pipeline turns the cache off for this task' };
  const [missing] = unknownInputs(node, unknown, planning);
  if (missing !== undefined) return { decision: 'unknown', reason: `depends on what "${missing[1]}" gives` };
  const resolved = resolveInputs(node, factsOf(planning));
  if (resolved.kind === 'missing') return { decision: 'run', reason: resolved.failure.problem };
  if (node.kind === 'importer') {
    const imported = await importedArtifact(node, resolved.inputs, request.compiled.spec, ports.outsideData);
    if (imported.kind === 'imported') node.outputs = imported.outputs;
    return { decision: 'run', reason: 'what it imports is looked at in every run' };
  }
  const { inputs, runScoped } = resolved;
  const { runner } = ports;
  let key: CacheKey;
  try {
    const written = containerOf(request.compiled.spec, node);
    const environment = await runner.environmentOf?.(written, false);
    const container = environment === undefined ? await pinned(written, inputs, runner) : written;
    const platform = runner.platformFor?.(container) ?? runner.platform;
    const { outsideData } = ports;
    key = await cacheKeyOf({ node, container, environment, inputs, runScoped, platform, outsideData });
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

/** Finds the inputs of a task whose values a run must make first, and the task that makes each. */
function unknownInputs(
  node: TaskNode,
  unknown: ReadonlyMap<string, string>,
  planning: Planning,
): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  const note = (name: string, producer: string, known: (maker: TaskNode) => boolean): void => {
    const maker = node.scope.nodes.get(producer);
    if (maker === undefined || known(maker)) return;
    if (planning.planned.get(maker)?.decision !== 'hit') found.push([name, maker.path]);
  };
  for (const [name, source] of Object.entries(node.task.inputs?.parameters ?? {})) {
    const made = source.taskOutputParameter;
    if (made !== undefined)
      note(
        name,
        made.producerTask,
        (maker) => maker.outputs?.parameters[made.outputParameterKey] !== undefined,
      );
    const maker = unknown.get(source.componentInputParameter ?? '');
    if (maker !== undefined) found.push([name, maker]);
  }
  for (const [name, source] of Object.entries(node.task.inputs?.artifacts ?? {})) {
    const made = source.taskOutputArtifact;
    if (made !== undefined)
      note(
        name,
        made.producerTask,
        (maker) => maker.outputs?.artifacts[made.outputArtifactKey] !== undefined,
      );
    const maker = unknown.get(source.componentInputArtifact ?? '');
    if (maker !== undefined) found.push([name, maker]);
  }
  return found;
}

function factsOf({ request }: Planning): { runId: string; pipeline: string; startedAt: string } {
  return { runId: request.runId, pipeline: request.compiled.spec.pipelineInfo.name, startedAt: '' };
}
