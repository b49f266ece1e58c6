/** The graph of a run: a DAG whose tasks may be DAGs. Scopes open as the run reaches them. */
import { InternalError } from '../errors/index.ts';
import type {
  ComponentSpec,
  ContainerSpec,
  DagSpec,
  ExecutorSpec,
  ImporterSpec,
  JsonValue,
  PipelineSpec,
  TaskSpec,
} from '../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs, TaskKind } from './events.ts';

/** What a task, or the run, was given. */
export interface Inputs {
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly ArtifactRecord[]>>;
}

export type NodeStatus = 'waiting' | 'ready' | 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/** One DAG at work: the pipeline itself, or a nested one. */
export interface Scope {
  /** Path of the task that it is; empty for the pipeline itself. */
  readonly path: string;
  readonly dag: DagSpec;
  readonly inputs: Inputs;
  readonly owner: TaskNode | undefined;
  readonly nodes: ReadonlyMap<string, TaskNode>;
  /** Tasks that have not ended yet. */
  unsettled: number;
  /** Whether the log knows its tasks. */
  announced: boolean;
  /** The first failure in it. */
  failure: Failure | undefined;
  cancelled: boolean;
}

/** One task, in its scope. */
export interface TaskNode {
  readonly path: string;
  readonly name: string;
  readonly kind: TaskKind;
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
  readonly scope: Scope;
  readonly after: readonly TaskNode[];
  readonly followers: TaskNode[];
  /** Why it is left out of this run; undefined where it is in. */
  readonly leftOut: string | undefined;
  /** Whether it must run whatever the cache has. */
  readonly anew: boolean;
  status: NodeStatus;
  /** Tasks before it that have not ended. */
  waitingFor: number;
  outputs: Outputs | undefined;
  /** Attempts started. */
  attempts: number;
  /** Attempts that failed of themselves. */
  failures: number;
  /** The attempt that the log has no end of. */
  openAttempt: number | undefined;
}

/** Which tasks of a scope run: all, one with what it needs, or all with some anew. */
export interface Selection {
  readonly only?: string;
  readonly from?: string;
}

/** Tells what a component is. */
function kindOf(spec: PipelineSpec, component: ComponentSpec): TaskKind {
  if (component.dag !== undefined) return 'dag';
  return executorOf(spec, component)?.importer === undefined ? 'component' : 'importer';
}

export function executorOf(spec: PipelineSpec, component: ComponentSpec): ExecutorSpec | undefined {
  return spec.deploymentSpec.executors?.[component.executorLabel ?? ''];
}

/** Finds the container of a task. @throws InternalError where it has none: the spec was checked before */
export function containerOf(spec: PipelineSpec, node: TaskNode): ContainerSpec {
  const container = executorOf(spec, node.component)?.container;
  if (container !== undefined) return container;
  throw new InternalError('FER4000', { problem: `the task "${node.path}" has no container` });
}

export function importerOf(spec: PipelineSpec, node: TaskNode): ImporterSpec {
  const importer = executorOf(spec, node.component)?.importer;
  if (importer !== undefined) return importer;
  throw new InternalError('FER4000', { problem: `the task "${node.path}" is no importer` });
}

/** Names the tasks of a DAG that a task waits for, in the same DAG: by data, and by order alone. */
export function namesBefore(task: TaskSpec): ReadonlySet<string> {
  const names = new Set(task.dependentTasks ?? []);
  for (const source of Object.values(task.inputs?.parameters ?? {})) {
    if (source.taskOutputParameter !== undefined) names.add(source.taskOutputParameter.producerTask);
    if (source.taskFinalStatus !== undefined) names.add(source.taskFinalStatus.producerTask);
  }
  for (const source of Object.values(task.inputs?.artifacts ?? {}))
    if (source.taskOutputArtifact !== undefined) names.add(source.taskOutputArtifact.producerTask);
  return names;
}

/** Opens a scope: makes the nodes of its tasks and joins them. */
export function openScope(
  spec: PipelineSpec,
  dag: DagSpec,
  inputs: Inputs,
  owner: TaskNode | undefined,
  selection: Selection,
): Scope {
  const nodes = new Map<string, TaskNode>();
  const tasks = dag.tasks ?? {};
  const scope: Scope = {
    path: owner?.path ?? '',
    dag,
    inputs,
    owner,
    nodes,
    unsettled: Object.keys(tasks).length,
    announced: false,
    failure: undefined,
    cancelled: false,
  };
  const needed = selection.only === undefined ? undefined : reach(tasks, headOf(selection.only), 'before');
  const anew = selection.from === undefined ? undefined : reach(tasks, headOf(selection.from), 'after');
  const pathOf = (name: string): string => (scope.path === '' ? name : `${scope.path}/${name}`);
  for (const [name, task] of Object.entries(tasks)) {
    const component = spec.components?.[task.componentRef.name];
    if (component === undefined)
      throw new InternalError('FER4000', { problem: `no component "${task.componentRef.name}"` });
    const kind = kindOf(spec, component);
    // The task named by a path into it is run anew only from there on.
    const insideFrom = selection.from !== undefined && selection.from.startsWith(`${name}/`);
    nodes.set(name, {
      path: pathOf(name),
      name,
      kind,
      task,
      component,
      scope,
      after: [],
      followers: [],
      leftOut:
        needed === undefined || needed.has(name)
          ? undefined
          : `not needed for "${pathOf(selection.only ?? '')}"`,
      anew: owner?.anew === true || (anew?.has(name) === true && !insideFrom),
      status: 'waiting',
      waitingFor: 0,
      outputs: undefined,
      attempts: 0,
      failures: 0,
      openAttempt: undefined,
    });
  }
  for (const node of nodes.values()) {
    const before = [...namesBefore(node.task)].flatMap((name) => nodes.get(name) ?? []);
    (node.after as TaskNode[]).push(...before);
    node.waitingFor = before.length;
    for (const one of before) one.followers.push(node);
  }
  return scope;
}

/** Narrows a selection to one task's own scope. */
export function selectionInside(selection: Selection, name: string): Selection {
  const inside = (path: string | undefined): string | undefined =>
    path?.startsWith(`${name}/`) === true ? path.slice(name.length + 1) : undefined;
  const only = inside(selection.only);
  const from = inside(selection.from);
  return { ...(only !== undefined && { only }), ...(from !== undefined && { from }) };
}

function headOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** Collects a task and all that it needs, or all that needs it. */
function reach(
  tasks: Readonly<Record<string, TaskSpec>>,
  start: string,
  direction: 'before' | 'after',
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const [name, task] of Object.entries(tasks))
    for (const before of namesBefore(task)) {
      const [from, to] = direction === 'before' ? [name, before] : [before, name];
      next.set(from, [...(next.get(from) ?? []), to]);
    }
  const found = new Set([start]);
  for (const name of found) for (const other of next.get(name) ?? []) found.add(other);
  return found;
}
