/**
 * The state machine of a run: events in, commands out. It is fed the same events live and from a log, so that a
 * resumed run is where the first driver left it. It does nothing itself.
 */
import { InternalError } from '../errors/index.ts';
import type { CompiledPipeline } from '../spec/index.ts';
import { dagOutputs } from './dag-outputs.ts';
import type { Outputs, RunEvent, RunStarted } from './events.ts';
import {
  openScope,
  selectionInside,
  type NodeStatus,
  type Scope,
  type Selection,
  type TaskNode,
} from './graph.ts';
import { resolveInputs, type RunFacts } from './resolve.ts';

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** An event before the journal stamps its time. */
export type NewEvent = Without<RunEvent, 'at'>;

export type Command =
  /** Something follows from the events so far: record it, and apply it. */
  | { readonly kind: 'record'; readonly event: NewEvent }
  /** The task can run: take it to its end. */
  | { readonly kind: 'execute'; readonly node: TaskNode }
  /** The run was cancelled: end what runs. */
  | { readonly kind: 'cancel' };

export interface Machine {
  apply(event: RunEvent): void;
  /** Takes the commands that stand; each is given once. */
  take(): readonly Command[];
  /** What the run was started with; undefined before its first event. */
  started(): RunStarted | undefined;
  /** Whether the run has ended. */
  ended(): boolean;
  facts(): RunFacts;
}

export function createMachine(compiled: CompiledPipeline): Machine {
  const { spec } = compiled;
  let started: RunStarted | undefined;
  let root: Scope | undefined;
  let cancelReason: string | undefined;
  let cancelTold = false;
  let ended = false;
  const nodes = new Map<string, TaskNode>();
  const selections = new Map<Scope, Selection>();
  let toAnnounce: Scope[] = [];
  let toLookAt: TaskNode[] = [];
  let toExecute: TaskNode[] = [];
  let toClose: Scope[] = [];

  const nodeAt = (path: string): TaskNode => {
    const node = nodes.get(path);
    if (node === undefined) throw new InternalError('FER4000', { problem: `no task "${path}" is known` });
    return node;
  };
  const facts = (): RunFacts => ({
    runId: started?.runId ?? '',
    pipeline: started?.pipeline ?? '',
    startedAt: started?.at ?? '',
  });

  const open = (scope: Scope, selection: Selection): void => {
    selections.set(scope, selection);
    toAnnounce.push(scope);
    for (const node of scope.nodes.values()) {
      nodes.set(node.path, node);
      if (node.waitingFor === 0) toLookAt.push(node);
    }
    if (scope.unsettled === 0) toClose.push(scope);
  };

  const settle = (node: TaskNode, status: NodeStatus, outputs?: Outputs): void => {
    if (!isUnsettled(node)) return;
    node.status = status;
    node.outputs = outputs;
    node.openAttempt = undefined;
    for (const follower of node.followers) if (--follower.waitingFor === 0) toLookAt.push(follower);
    if (--node.scope.unsettled === 0) toClose.push(node.scope);
  };

  /** Opens again what failed, was skipped or cancelled; what succeeded stays. */
  const reopen = (): void => {
    ended = false;
    cancelReason = undefined;
    cancelTold = false;
    const opened = new Set([...selections.keys()].map((scope) => scope.owner));
    // A task comes after the one around it: what is inside of one that succeeded stays as it is.
    for (const node of nodes.values()) {
      if (node.status === 'succeeded' || node.scope.owner?.status === 'succeeded') continue;
      if (node.status !== 'ready') node.status = opened.has(node) ? 'ready' : 'waiting';
      node.failures = 0;
    }
    for (const scope of selections.keys()) {
      scope.failure = undefined;
      scope.cancelled = false;
      scope.unsettled = 0;
      for (const node of scope.nodes.values()) {
        node.waitingFor = node.after.filter(isUnsettled).length;
        if (isUnsettled(node)) scope.unsettled += 1;
        if (node.status === 'waiting' && node.waitingFor === 0) toLookAt.push(node);
      }
      if (scope.unsettled === 0) toClose.push(scope);
    }
  };

  const apply = (event: RunEvent): void => {
    switch (event.kind) {
      case 'run-started': {
        started = event;
        const selection: Selection = {
          ...(event.only !== undefined && { only: event.only }),
          ...(event.from !== undefined && { from: event.from }),
        };
        const inputs = { parameters: event.parameters, artifacts: {} };
        root = openScope(spec, spec.root.dag ?? {}, inputs, undefined, selection);
        open(root, selection);
        return;
      }
      case 'tasks-added': {
        const [first] = event.tasks;
        const scope = first === undefined ? root : nodes.get(first.path)?.scope;
        if (scope !== undefined) scope.announced = true;
        return;
      }
      case 'task-ready': {
        const node = nodeAt(event.task);
        node.status = 'ready';
        if (node.kind !== 'dag') {
          toExecute.push(node);
          return;
        }
        const selection = selectionInside(selections.get(node.scope) ?? {}, node.name);
        const resolved = resolveInputs(node, facts());
        if (resolved.kind === 'missing') return;
        open(openScope(spec, node.component.dag ?? {}, resolved.inputs, node, selection), selection);
        return;
      }
      case 'attempt-started': {
        const node = nodeAt(event.task);
        node.attempts = event.attempt;
        node.openAttempt = event.attempt;
        return;
      }
      case 'attempt-waiting':
      case 'attempt-running':
        return;
      case 'attempt-ended': {
        const node = nodeAt(event.task);
        node.openAttempt = undefined;
        if (event.outcome === 'failed') node.failures += 1;
        return;
      }
      case 'task-cached':
      case 'task-succeeded':
        settle(nodeAt(event.task), 'succeeded', event.outputs);
        return;
      case 'task-failed': {
        const node = nodeAt(event.task);
        if (isUnsettled(node)) node.scope.failure ??= event.failure;
        settle(node, 'failed');
        return;
      }
      case 'task-skipped':
        settle(nodeAt(event.task), 'skipped');
        return;
      case 'task-cancelled': {
        const node = nodeAt(event.task);
        node.scope.cancelled = true;
        settle(node, 'cancelled');
        return;
      }
      case 'cancel-requested':
        if (cancelReason !== undefined) return;
        cancelReason = event.reason;
        for (const node of nodes.values()) if (node.status === 'waiting') toLookAt.push(node);
        return;
      case 'run-ended':
        ended = true;
        return;
      case 'run-resumed':
        // A run that is taken up after its end, or after a cancel, is meant to go on.
        if (ended || cancelReason !== undefined) reopen();
        return;
      case 'cache-checked':
      case 'warning':
        return;
    }
  };

  const look = (node: TaskNode): NewEvent | undefined => {
    if (node.status !== 'waiting') return undefined;
    const task = node.path;
    if (cancelReason !== undefined) return { kind: 'task-skipped', task, reason: 'the run was cancelled' };
    if (node.waitingFor > 0) return undefined;
    if (node.leftOut !== undefined) return { kind: 'task-skipped', task, reason: node.leftOut };
    const lost = node.after.find((before) => before.status !== 'succeeded');
    if (lost !== undefined && node.task.triggerPolicy?.strategy !== 'ALL_UPSTREAM_TASKS_COMPLETED')
      return { kind: 'task-skipped', task, reason: `"${lost.path}" ${wordFor(lost.status)}` };
    if (node.kind === 'dag') {
      const resolved = resolveInputs(node, facts());
      if (resolved.kind === 'missing') return { kind: 'task-failed', task, failure: resolved.failure };
    }
    return { kind: 'task-ready', task };
  };

  const close = (scope: Scope): NewEvent | undefined => {
    if (scope.unsettled > 0) return undefined;
    const { owner } = scope;
    const result = dagOutputs(scope);
    // Where only a part of it was asked for, what the rest would have given is not missing.
    const lacking =
      result.kind === 'missing' && selections.get(scope)?.only === undefined ? result.failure : undefined;
    if (owner !== undefined) {
      if (owner.status !== 'ready') return undefined;
      const task = owner.path;
      if (scope.failure !== undefined) return { kind: 'task-failed', task, failure: scope.failure };
      if (scope.cancelled || cancelReason !== undefined) return { kind: 'task-cancelled', task };
      if (lacking !== undefined) return { kind: 'task-failed', task, failure: lacking };
      return { kind: 'task-succeeded', task, outputs: result.outputs };
    }
    if (ended) return undefined;
    const outputs = result.outputs;
    const failure = scope.failure ?? lacking;
    if (cancelReason !== undefined && [...scope.nodes.values()].some((node) => node.status !== 'succeeded'))
      return { kind: 'run-ended', status: 'cancelled', outputs };
    if (failure !== undefined) return { kind: 'run-ended', status: 'failed', outputs, failure };
    return { kind: 'run-ended', status: 'succeeded', outputs };
  };

  return {
    apply,
    take() {
      const commands: Command[] = [];
      for (const scope of toAnnounce)
        if (!scope.announced)
          commands.push({ kind: 'record', event: { kind: 'tasks-added', tasks: factsOf(scope) } });
      toAnnounce = [];
      if (cancelReason !== undefined && !cancelTold) {
        cancelTold = true;
        commands.push({ kind: 'cancel' });
      }
      const looked = new Set(toLookAt);
      toLookAt = [];
      for (const node of looked) {
        const event = look(node);
        if (event !== undefined) commands.push({ kind: 'record', event });
      }
      const ready = new Set(toExecute);
      toExecute = [];
      for (const node of ready) if (node.status === 'ready') commands.push({ kind: 'execute', node });
      const scopes = toClose;
      toClose = [];
      for (const scope of scopes) {
        const event = close(scope);
        if (event !== undefined) commands.push({ kind: 'record', event });
      }
      return commands;
    },
    started: () => started,
    ended: () => ended,
    facts,
  };
}

function isUnsettled({ status }: TaskNode): boolean {
  return status === 'waiting' || status === 'ready';
}

function factsOf(scope: Scope): Extract<RunEvent, { kind: 'tasks-added' }>['tasks'] {
  return [...scope.nodes.values()].map((node) => ({
    path: node.path,
    kind: node.kind,
    component: node.task.componentRef.name,
    ...(node.task.taskInfo.name !== node.name && { displayName: node.task.taskInfo.name }),
    after: node.after.map((before) => before.path),
  }));
}

function wordFor(status: NodeStatus): string {
  return status === 'failed' ? 'failed' : status === 'cancelled' ? 'was cancelled' : 'did not run';
}
