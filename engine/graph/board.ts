/** What the state machine of a run knows: the graph as far as it is open, and what is to be looked at next. */
import { InternalError } from '../../errors/index.ts';
import type { PipelineSpec } from '../../spec/index.ts';
import type { Outputs, RunStarted } from '../events.ts';
import { isUnsettled, openScope, type Inputs, type NodeStatus, type Scope, type TaskNode } from './graph.ts';
import { iterationNode, openLoop, type Items } from './loop.ts';
import type { RunFacts } from './resolve.ts';
import { selectionInside, type Selection } from './selection.ts';

/** A wish to end the run. */
export interface Cancel {
  readonly reason: string;
  readonly deadline: boolean;
  /** Whether it was said twice: exit tasks end too. */
  again: boolean;
}

/** Entries in queues from which on they are tidied up. */
const longQueue = 5000;

export class Board {
  readonly spec: PipelineSpec;
  /** Every task that is known, by path; of a loop's iterations those that did not succeed. */
  readonly nodes = new Map<string, TaskNode>();
  /** Every open scope, outer ones first. */
  readonly scopes = new Set<Scope>();
  /** Loops with iterations that were not opened yet. */
  readonly hungry = new Set<Scope>();
  started: RunStarted | undefined;
  root: Scope | undefined;
  cancel: Cancel | undefined;
  ended = false;
  /** Iterations that are open, of all loops. */
  openIterations = 0;
  readonly toAnnounce: Scope[] = [];
  readonly toLookAt: TaskNode[] = [];
  readonly toExecute: TaskNode[] = [];
  readonly toClose: Scope[] = [];

  readonly #pipelineRoot: string;

  constructor(spec: PipelineSpec, pipelineRoot: string) {
    this.spec = spec;
    this.#pipelineRoot = pipelineRoot;
  }

  facts(): RunFacts {
    const { runId = '', pipeline = '', at = '' } = this.started ?? {};
    return { runId, pipeline, startedAt: at, root: this.#pipelineRoot };
  }

  node(path: string): TaskNode {
    const node = this.nodes.get(path);
    if (node === undefined) throw new InternalError('FER4000', { problem: `no task "${path}" is known` });
    return node;
  }

  /** Whether a task is to end, or not to begin, because the run was cancelled. */
  isCancelled(node: Pick<TaskNode, 'exit'>): boolean {
    return this.cancel !== undefined && (!node.exit || this.cancel.again);
  }

  openRoot(inputs: Inputs, selection: Selection): void {
    this.root = openScope(this.spec, this.spec.root.dag ?? {}, inputs, undefined, selection);
    this.#enter(this.root);
    this.toAnnounce.push(this.root);
  }

  openDag(node: TaskNode, inputs: Inputs): Scope {
    const inner = openScope(this.spec, node.component.dag ?? {}, inputs, node, selectionInside(node));
    node.inner = inner;
    this.#enter(inner);
    this.toAnnounce.push(inner);
    return inner;
  }

  openLoop(node: TaskNode, inputs: Inputs, items: Items): void {
    const inner = openLoop(node, inputs, items);
    node.inner = inner;
    this.scopes.add(inner);
    this.toAnnounce.push(inner);
    this.feed(inner);
  }

  /** Adds an iteration to a loop. */
  openIteration(scope: Scope, index: number): TaskNode {
    const node = iterationNode(this.spec, scope, index);
    this.#keep(node);
    scope.unsettled += 1;
    this.openIterations += 1;
    return node;
  }

  /** Has a loop looked at: for iterations to open, or for its end. */
  feed(scope: Scope): void {
    const { loop } = scope;
    if (loop !== undefined && loop.next < loop.end) this.hungry.add(scope);
    else this.hungry.delete(scope);
    if (scope.unsettled === 0) this.toClose.push(scope);
  }

  settle(node: TaskNode, status: NodeStatus, outputs?: Outputs): void {
    if (!isUnsettled(node)) return;
    node.status = status;
    node.outputs = outputs;
    node.openAttempt = undefined;
    for (const follower of node.followers) if (--follower.waitingFor === 0) this.toLookAt.push(follower);
    if (node.inner !== undefined) this.hungry.delete(node.inner);
    const { scope } = node;
    scope.unsettled -= 1;
    if (node.iteration === undefined || scope.loop === undefined) {
      if (scope.unsettled === 0) this.toClose.push(scope);
      return;
    }
    this.openIterations -= 1;
    if (status === 'succeeded') {
      scope.loop.succeeded += 1;
      scope.loop.outputs[node.iteration.index] = outputs;
      // What it gave is kept, and nothing else: a loop may have any number of iterations.
      if (!node.mayRunAgain) this.forget(node);
    } else if (status === 'failed') scope.loop.failed += 1;
    this.feed(scope);
  }

  /** Forgets an iteration with all that is in it. */
  forget(node: TaskNode): void {
    this.nodes.delete(node.path);
    node.scope.nodes.delete(node.name);
    this.leave(node, (inner) => this.nodes.delete(inner.path));
  }

  /** Drops from the queues what has been dealt with since: while a long log is read, nobody takes from them. */
  tidy(): void {
    if (this.toLookAt.length + this.toClose.length < longQueue) return;
    keep(this.toLookAt, ({ status }) => status === 'waiting');
    keep(this.toExecute, ({ status }) => status === 'ready');
    keep(this.toAnnounce, ({ announced }) => !announced);
    keep(this.toClose, (scope) => scope.owner === undefined || scope.owner.inner === scope);
  }

  /** Closes the scope of a task for good, and those in it. */
  leave(node: TaskNode, each: (inner: TaskNode) => void): void {
    const { inner } = node;
    if (inner === undefined) return;
    node.inner = undefined;
    this.scopes.delete(inner);
    this.hungry.delete(inner);
    for (const child of inner.nodes.values()) {
      if (child.iteration !== undefined && isUnsettled(child)) this.openIterations -= 1;
      each(child);
      this.leave(child, each);
    }
  }

  #enter(scope: Scope): void {
    this.scopes.add(scope);
    for (const node of scope.nodes.values()) {
      this.#keep(node);
      if (node.waitingFor === 0) this.toLookAt.push(node);
    }
    if (scope.unsettled === 0) this.toClose.push(scope);
  }

  /** A task that runs a second time goes on counting its attempts: each has a name of its own, for good. */
  #keep(node: TaskNode): void {
    node.attempts = this.nodes.get(node.path)?.attempts ?? 0;
    this.nodes.set(node.path, node);
  }
}

function keep<T>(queue: T[], wanted: (item: T) => boolean): void {
  let kept = 0;
  for (const item of queue) if (wanted(item)) queue[kept++] = item;
  queue.length = kept;
}
