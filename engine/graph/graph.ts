/** The graph of a run: a DAG whose tasks may be DAGs or loops. Scopes open as the run reaches them. */
import { InternalError } from '../../errors/index.ts';
import {
  namesBefore,
  type ComponentSpec,
  type ContainerSpec,
  type DagSpec,
  type ExecutorSpec,
  type ImporterSpec,
  type JsonValue,
  type PipelineSpec,
  type RetryPolicy,
  type TaskSpec,
} from '../../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs, TaskKind } from '../events.ts';
import { isExitTask, runsAnyway } from '../tasks/exit-task.ts';
import type { Iteration, Loop } from './loop.ts';
import { headOf, reach, type Selection } from './selection.ts';

/** What a task, or the run, was given. */
export interface Inputs {
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly ArtifactRecord[]>>;
}

export type NodeStatus = 'waiting' | 'ready' | 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/** One DAG at work: the pipeline itself, or a nested one; or one loop. */
export interface Scope {
  /** Path of the task that it is; empty for the pipeline itself. */
  readonly path: string;
  readonly dag: DagSpec;
  readonly inputs: Inputs;
  readonly owner: TaskNode | undefined;
  readonly selection: Selection;
  /** The tasks; of a loop, the iterations that are open or did not succeed. */
  readonly nodes: Map<string, TaskNode>;
  /** What it goes over, where it is a loop. */
  readonly loop: Loop | undefined;
  /** Tasks that have not ended yet; of a loop, iterations that are open. */
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
  /** Which turn of a loop it is, where it is one. */
  readonly iteration: Iteration | undefined;
  readonly after: readonly TaskNode[];
  readonly followers: TaskNode[];
  /** Its own policy, or that of the nearest pipeline around it that has one. */
  readonly retry: RetryPolicy | undefined;
  /** Whether it is an exit task, or inside of one. */
  readonly exit: boolean;
  /** Whether it can have to run a second time after it succeeded, when a run is taken up: see `reopen`. */
  readonly mayRunAgain: boolean;
  /** Why it is left out of this run; undefined where it is in. */
  readonly leftOut: string | undefined;
  /** Whether it must run whatever the cache has. */
  readonly anew: boolean;
  /** Its own tasks or iterations, once it is open. */
  inner: Scope | undefined;
  status: NodeStatus;
  /** Whether it was skipped because of a condition: its own, or that of a task before it. */
  unwanted: boolean;
  failure: Failure | undefined;
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

/** Tells what a component is, beside its iterator. */
export function componentKind(spec: PipelineSpec, component: ComponentSpec): Exclude<TaskKind, 'loop'> {
  if (component.dag !== undefined) return 'dag';
  return executorOf(spec, component)?.importer === undefined ? 'component' : 'importer';
}

export function isLoop(task: TaskSpec): boolean {
  return task.parameterIterator !== undefined || task.artifactIterator !== undefined;
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

/** Whether a task has not ended yet. */
export function isUnsettled({ status }: TaskNode): boolean {
  return status === 'waiting' || status === 'ready';
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
    selection,
    nodes,
    loop: undefined,
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
    // The task named by a path into it is run anew only from there on.
    const insideFrom = selection.from !== undefined && selection.from.startsWith(`${name}/`);
    const node = newNode({
      path: pathOf(name),
      name,
      kind: isLoop(task) ? 'loop' : componentKind(spec, component),
      task,
      component,
      scope,
      iteration: undefined,
      retry: task.retryPolicy ?? owner?.retry,
      exit: owner?.exit === true || isExitTask(task, tasks),
      mayRunAgain: owner?.mayRunAgain === true || runsAnyway(task),
      leftOut:
        needed === undefined || needed.has(name)
          ? undefined
          : `not needed for "${pathOf(selection.only ?? '')}"`,
      anew: owner?.anew === true || (anew?.has(name) === true && !insideFrom),
    });
    nodes.set(name, node);
  }
  for (const node of nodes.values()) {
    const before = [...namesBefore(node.task)].flatMap((name) => nodes.get(name) ?? []);
    (node.after as TaskNode[]).push(...before);
    node.waitingFor = before.length;
    for (const one of before) one.followers.push(node);
  }
  return scope;
}

type NodeFacts = Pick<
  TaskNode,
  | 'path'
  | 'name'
  | 'kind'
  | 'task'
  | 'component'
  | 'scope'
  | 'iteration'
  | 'retry'
  | 'exit'
  | 'mayRunAgain'
  | 'leftOut'
  | 'anew'
>;

/** Makes a node to which nothing has happened yet. */
export function newNode(facts: NodeFacts): TaskNode {
  return {
    ...facts,
    after: [],
    followers: [],
    inner: undefined,
    status: 'waiting',
    unwanted: false,
    failure: undefined,
    waitingFor: 0,
    outputs: undefined,
    attempts: 0,
    failures: 0,
    openAttempt: undefined,
  };
}
