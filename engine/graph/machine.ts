/**
 * The state machine of a run: events in, commands out. It is fed the same events live and from a log, so that a
 * resumed run is where the first driver left it. It does nothing itself.
 */
import type { CompiledPipeline } from '../../spec/index.ts';
import { Board } from './board.ts';
import { closing } from './closing.ts';
import type { RunEvent, RunStarted } from '../events.ts';
import { componentKind, type Inputs, type Scope, type TaskNode } from './graph.ts';
import { lookAt } from './look-at.ts';
import { itemsOf, itemText } from './loop.ts';
import { reopen } from './reopen.ts';
import { resolveInputs, type RunFacts } from './resolve.ts';
import { taskFacts } from '../task-facts.ts';

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** An event before the journal stamps its time. */
export type NewEvent = Without<RunEvent, 'at'>;

export type Command =
  /** Something follows from the events so far: record it, and apply it. */
  | { readonly kind: 'record'; readonly event: NewEvent }
  /** The task can run: take it to its end. */
  | { readonly kind: 'execute'; readonly node: TaskNode }
  /** The run was cancelled: end what runs, the second time exit tasks too. */
  | { readonly kind: 'cancel'; readonly again: boolean };

export interface Machine {
  apply(event: RunEvent): void;
  /** Takes the commands that stand; each is given once. */
  take(): readonly Command[];
  /** What the run was started with; undefined before its first event. */
  started(): RunStarted | undefined;
  /** Whether the run has ended. */
  ended(): boolean;
  facts(): RunFacts;
  /** The artifacts that a task that is known is given. */
  artifactsFor(task: string): Inputs['artifacts'];
}

/** Fewest iterations of all loops without a limit that are open at a time, so that lookups in the cache go side by side. */
const fewestOpen = 64;

/**
 * Makes the machine of a pipeline, whose expressions are loaded: see `loadExpressions`.
 * @param pipelineRoot what placeholders say that the root of the run is
 */
export function createMachine(compiled: CompiledPipeline, pipelineRoot: string): Machine {
  const board = new Board(compiled.spec, pipelineRoot);
  let cancelsTold = 0;
  return {
    apply(event) {
      if (event.kind === 'run-resumed' && (board.ended || board.cancel !== undefined)) {
        // A run that is taken up after its end, or after a cancel, is meant to go on.
        reopen(board);
        cancelsTold = 0;
      } else applyTo(board, event);
    },
    take() {
      const commands: Command[] = [];
      const record = (event: NewEvent | undefined): void => {
        if (event !== undefined) commands.push({ kind: 'record', event });
      };
      for (const scope of board.toAnnounce.splice(0))
        if (!scope.announced) record(announcement(board, scope));
      const cancels = board.cancel === undefined ? 0 : board.cancel.again ? 2 : 1;
      for (; cancelsTold < cancels; cancelsTold++) commands.push({ kind: 'cancel', again: cancelsTold > 0 });
      for (const node of new Set(board.toLookAt.splice(0))) record(lookAt(board, node));
      for (const node of new Set(board.toExecute.splice(0)))
        if (node.status === 'ready') commands.push({ kind: 'execute', node });
      for (const event of iterationsToOpen(board)) record(event);
      for (const scope of new Set(board.toClose.splice(0))) record(closing(board, scope));
      return commands;
    },
    started: () => board.started,
    ended: () => board.ended,
    facts: () => board.facts(),
    artifactsFor(task) {
      const node = board.nodes.get(task);
      if (node === undefined) return {};
      const resolved = resolveInputs(node, board.facts());
      return (resolved.kind === 'resolved' ? resolved.inputs : resolved.known).artifacts;
    },
  };
}

function applyTo(board: Board, event: RunEvent): void {
  switch (event.kind) {
    case 'run-started': {
      board.started = event;
      const { only, from, parameters } = event;
      const selection = { ...(only !== undefined && { only }), ...(from !== undefined && { from }) };
      board.openRoot({ parameters, artifacts: {} }, selection);
      return;
    }
    case 'tasks-added': {
      const [first] = event.tasks;
      const scope = first === undefined ? board.root : board.nodes.get(first.path)?.scope;
      if (scope !== undefined) scope.announced = true;
      return;
    }
    case 'loop-opened': {
      const { inner } = board.node(event.task);
      if (inner !== undefined) inner.announced = true;
      return;
    }
    case 'iterations-opened':
      board.tidy();
      openIterations(board, board.node(event.task), event.from, event.count);
      return;
    case 'task-ready':
      begin(board, board.node(event.task));
      return;
    case 'attempt-started': {
      const node = board.node(event.task);
      node.attempts = event.attempt;
      node.openAttempt = event.attempt;
      return;
    }
    case 'attempt-ended': {
      const node = board.node(event.task);
      node.openAttempt = undefined;
      if (event.outcome === 'failed') node.failures += 1;
      return;
    }
    case 'task-cached':
    case 'task-succeeded':
      board.settle(board.node(event.task), 'succeeded', event.outputs);
      return;
    case 'task-failed': {
      const node = board.node(event.task);
      node.failure = event.failure;
      if (node.status === 'waiting' || node.status === 'ready') node.scope.failure ??= event.failure;
      board.settle(node, 'failed');
      return;
    }
    case 'task-skipped': {
      const node = board.node(event.task);
      node.unwanted = event.by === 'condition';
      board.settle(node, 'skipped');
      return;
    }
    case 'task-cancelled': {
      const node = board.node(event.task);
      node.scope.cancelled = true;
      board.settle(node, 'cancelled');
      return;
    }
    case 'cancel-requested':
      cancel(board, event.reason, event.deadline === true);
      return;
    case 'run-ended':
      board.ended = true;
      return;
    case 'run-resumed':
    case 'attempt-waiting':
    case 'attempt-running':
    case 'attempt-reported':
    case 'cache-checked':
    case 'warning':
      return;
  }
}

/** Begins a task: a component is executed, a DAG or a loop opened. */
function begin(board: Board, node: TaskNode): void {
  node.status = 'ready';
  if (node.kind === 'component' || node.kind === 'importer') {
    board.toExecute.push(node);
    return;
  }
  const resolved = resolveInputs(node, board.facts());
  if (resolved.kind === 'missing') return;
  if (node.kind === 'dag') {
    board.openDag(node, resolved.inputs);
    return;
  }
  const found = itemsOf(node, resolved.inputs);
  if (found.kind === 'items') board.openLoop(node, resolved.inputs, found.items);
}

function openIterations(board: Board, { inner }: TaskNode, from: number, count: number): void {
  if (inner?.loop === undefined) return;
  for (let index = from; index < from + count; index++) {
    const node = board.openIteration(inner, index);
    const resolved = node.kind === 'dag' ? resolveInputs(node, board.facts()) : undefined;
    // What it holds is in the log since the loop was opened.
    if (resolved?.kind === 'missing') board.toLookAt.push(node);
    else {
      node.status = 'ready';
      if (resolved === undefined) board.toExecute.push(node);
      else board.openDag(node, resolved.inputs).announced = true;
    }
  }
  inner.loop.next = from + count;
  board.feed(inner);
}

function cancel(board: Board, reason: string, deadline: boolean): void {
  if (board.cancel === undefined) board.cancel = { reason, deadline, again: false };
  else board.cancel.again = true;
  for (const node of board.nodes.values()) if (node.status === 'waiting') board.toLookAt.push(node);
  // Loops that would go on are at their end.
  for (const scope of board.scopes)
    if (scope.loop !== undefined && scope.unsettled === 0) board.toClose.push(scope);
}

/** Opens what fits: of loops without a limit, inner ones first, so that what is begun comes to its end. */
function iterationsToOpen(board: Board): NewEvent[] {
  const capacity = Math.max(fewestOpen, 2 * (board.started?.concurrency ?? 0));
  let open = board.openIterations;
  const events: NewEvent[] = [];
  for (const scope of [...board.hungry].reverse()) {
    const { loop, owner } = scope;
    if (loop === undefined || owner === undefined || !scope.announced || board.isCancelled(owner)) continue;
    const least = scope.unsettled === 0 ? 1 : 0;
    // Without a limit they are opened many at a time, once half of them are done.
    const room = loop.limit === undefined && open > capacity / 2 ? 0 : capacity - open;
    const limited = loop.limit === undefined ? room : Math.min(room, loop.limit - scope.unsettled);
    const count = Math.min(Math.max(least, limited), loop.end - loop.next);
    if (count <= 0) continue;
    open += count;
    const items = Array.from({ length: count }, (_, at) => itemText(loop.items, loop.next + at));
    events.push({ kind: 'iterations-opened', task: owner.path, from: loop.next, count, items });
  }
  return events;
}

/** Tells the log what a scope holds. */
function announcement(board: Board, scope: Scope): NewEvent {
  const { loop, owner } = scope;
  const exit = owner?.exit === true;
  if (loop === undefined || owner === undefined)
    return { kind: 'tasks-added', tasks: taskFacts(board.spec, scope.dag, scope.path, exit) };
  const component = owner.task.componentRef.name;
  const kind = componentKind(board.spec, owner.component);
  const each = taskFacts(board.spec, owner.component.dag ?? {}, '', exit);
  return {
    kind: 'loop-opened',
    task: owner.path,
    count: loop.items.list.length,
    iteration: { kind, component },
    each,
  };
}
