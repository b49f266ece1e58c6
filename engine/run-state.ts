/** What a run looks like: a pure fold of its events, the same for progress, queries and the final answer. */
import type { JsonValue, ParameterType, StepReport } from '../spec/index.ts';
import type { CachingMode, Failure, Outputs, RunEvent, RunStatus, TaskFacts, TaskKind } from './events.ts';

export type TaskStatus =
  | 'waiting'
  | 'ready'
  | 'running'
  | 'succeeded'
  | 'cached'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export interface TaskState {
  /** The task's path. */
  readonly name: string;
  readonly kind: TaskKind;
  readonly component: string;
  readonly displayName?: string;
  readonly after: readonly string[];
  readonly status: TaskStatus;
  /** What the cache said; absent before it was asked, and for a dag. */
  readonly cache?: 'hit' | 'miss' | 'off';
  /** Why the cache said so, or why the task was skipped. */
  readonly reason?: string;
  /** Whether it was skipped because of a condition. */
  readonly unwanted?: true;
  /** How many iterations it has, where it is a loop that knows. */
  readonly iterations?: number;
  /** The item of the iteration that it is, as a short text. */
  readonly item?: string;
  /** Whether it is an exit task, or inside of one. */
  readonly exit?: true;
  readonly fingerprint?: string;
  /** The run and task whose outputs a hit has. */
  readonly from?: { readonly runId: string; readonly task: string };
  /** How many attempts were started. */
  readonly attempts: number;
  /** Why the attempt that was started cannot begin yet, or why there is none yet. */
  readonly waitingFor?: string;
  /** The machine it runs on, or ran on last. */
  readonly on?: string;
  /** What it reported last of its work. */
  readonly reported?: StepReport;
  /** ISO 8601: when its first attempt, or its lookup, began. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly outputs?: Outputs;
  readonly failure?: Failure;
}

export interface RunState {
  readonly runId: string;
  readonly pipeline: string;
  readonly displayName?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `running` as long as the log has no end: also for a run whose driver died. */
  readonly status: 'running' | RunStatus;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly parameterTypes: Readonly<Record<string, ParameterType>>;
  readonly caching: CachingMode;
  /** The kind of runner it was last driven with. */
  readonly runner?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** In the order they became known: the spec's. */
  readonly tasks: readonly TaskState[];
  readonly outputs: Outputs;
  readonly failure?: Failure;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly task?: string }[];
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A fold under way: for those who watch a run, event by event. */
export interface RunFold {
  apply(event: RunEvent): void;
  /** The state so far. Cheap: the tasks are shared with the fold. */
  state(): RunState;
  /** One task so far, by path. */
  task(path: string): TaskState | undefined;
}

/** Folds the events of a run to its state. */
export function foldRun(events: Iterable<RunEvent>): RunState {
  const fold = startFold();
  for (const event of events) fold.apply(event);
  return fold.state();
}

/** Starts a fold with no events. */
export function startFold(): RunFold {
  const tasks = new Map<string, Draft<TaskState>>();
  let cancelled = false;
  const warnings: Draft<RunState['warnings'][number]>[] = [];
  const run: Draft<RunState> = {
    runId: '',
    pipeline: '',
    labels: {},
    status: 'running',
    parameters: {},
    parameterTypes: {},
    caching: 'on',
    startedAt: '',
    tasks: [],
    outputs: { parameters: {}, artifacts: {} },
    warnings,
  };
  const loops = new Map<string, Extract<RunEvent, { kind: 'loop-opened' }>>();
  const add = (path: string, facts: Omit<TaskFacts, 'path'> & Pick<TaskState, 'item'>): void => {
    tasks.set(path, { name: path, ...facts, status: 'waiting', attempts: 0 });
  };
  /** An iteration is at work once it is opened; what it holds is the same for all of its loop. */
  const iterate = (loop: string, index: number, item: string, at: string): void => {
    const opened = loops.get(loop);
    if (opened === undefined) return;
    const path = `${loop}/${index}`;
    const { kind, component } = opened.iteration;
    const exit = tasks.get(loop)?.exit === true ? { exit: true as const } : {};
    add(path, { kind, component, after: [], item, ...exit });
    patch(tasks, path, { status: 'ready', ...(kind === 'dag' && { startedAt: at }) });
    for (const { path: inner, after, ...facts } of opened.each)
      add(`${path}/${inner}`, { ...facts, after: after.map((before) => `${path}/${before}`) });
  };
  const ended = (path: string, at: string, change: Partial<TaskState>): void => {
    const task = tasks.get(path);
    if (task !== undefined) Object.assign(task, { endedAt: at, startedAt: task.startedAt ?? at }, change);
  };
  const apply = (event: RunEvent): void => {
    switch (event.kind) {
      case 'run-started': {
        const { runId, pipeline, labels, parameters, parameterTypes, caching } = event;
        Object.assign(run, {
          runId,
          pipeline,
          labels,
          parameters,
          parameterTypes,
          caching,
          startedAt: event.at,
        });
        if (event.displayName !== undefined) run.displayName = event.displayName;
        if (event.runner !== undefined) run.runner = event.runner;
        return;
      }
      case 'tasks-added':
        for (const { path, ...facts } of event.tasks) add(path, facts);
        return;
      case 'loop-opened':
        loops.set(event.task, event);
        patch(tasks, event.task, { iterations: event.count });
        return;
      case 'iterations-opened':
        for (let at = 0; at < event.count; at++)
          iterate(event.task, event.from + at, event.items[at] ?? '', event.at);
        return;
      case 'task-ready': {
        const task = tasks.get(event.task);
        if (task === undefined) return;
        // One that runs a second time, as an exit task may, has what it gave and how it ended before it.
        for (const field of ['outputs', 'endedAt', 'failure', 'reason', 'unwanted'] as const)
          delete task[field];
        // A dag or a loop is at work from here on; any other task once it is looked up.
        if (task.kind === 'dag' || task.kind === 'loop') task.startedAt = event.at;
        task.status = 'ready';
        return;
      }
      case 'cache-checked':
        settle(tasks.get(event.task));
        patch(tasks, event.task, {
          startedAt: tasks.get(event.task)?.startedAt ?? event.at,
          cache: event.decision,
          reason: event.reason,
          ...(event.fingerprint && { fingerprint: event.fingerprint }),
          ...(event.waitsFor && { waitingFor: event.reason }),
        });
        return;
      case 'task-cached':
        ended(event.task, event.at, { status: 'cached', outputs: event.outputs, from: event.from });
        return;
      case 'attempt-started':
        patch(tasks, event.task, {
          status: 'running',
          startedAt: tasks.get(event.task)?.startedAt ?? event.at,
          attempts: event.attempt,
        });
        return;
      case 'attempt-waiting':
        patch(tasks, event.task, { waitingFor: event.reason });
        return;
      case 'attempt-running':
        settle(tasks.get(event.task));
        patch(tasks, event.task, event.on === undefined ? {} : { on: event.on });
        return;
      case 'attempt-reported':
        patch(tasks, event.task, { reported: { step: event.step, values: event.values } });
        return;
      case 'attempt-ended':
        settle(tasks.get(event.task));
        if (event.outcome === 'failed' && event.failure !== undefined)
          patch(tasks, event.task, { failure: event.failure });
        return;
      case 'task-succeeded': {
        const task = tasks.get(event.task);
        if (task !== undefined) delete task.failure;
        ended(event.task, event.at, { status: 'succeeded', outputs: event.outputs });
        return;
      }
      case 'task-failed':
        ended(event.task, event.at, { status: 'failed', failure: event.failure });
        return;
      case 'task-skipped':
        patch(tasks, event.task, {
          status: 'skipped',
          reason: event.reason,
          ...(event.by === 'condition' && { unwanted: true }),
        });
        return;
      case 'task-cancelled':
        ended(event.task, event.at, { status: 'cancelled' });
        return;
      case 'warning':
        warnings.push({
          code: event.code,
          message: event.message,
          ...(event.task !== undefined && { task: event.task }),
        });
        return;
      case 'run-ended':
        Object.assign(run, { status: event.status, endedAt: event.at, outputs: event.outputs });
        if (event.failure !== undefined) run.failure = event.failure;
        return;
      case 'run-resumed':
        if (event.runner !== undefined) run.runner = event.runner;
        if (run.status !== 'running' || cancelled) reopen(run, tasks);
        cancelled = false;
        return;
      case 'cancel-requested':
        cancelled = true;
        return;
    }
  };
  return {
    apply,
    state: () => ({ ...run, tasks: [...tasks.values()], warnings: [...warnings] }),
    task: (path) => tasks.get(path),
  };
}

/** A run that is taken up after its end, or after a cancel, goes on with what did not succeed. */
function reopen(run: Draft<RunState>, tasks: ReadonlyMap<string, Draft<TaskState>>): void {
  Object.assign(run, { status: 'running', outputs: { parameters: {}, artifacts: {} } });
  delete run.endedAt;
  delete run.failure;
  for (const task of tasks.values()) {
    const around = tasks.get(task.name.slice(0, Math.max(0, task.name.lastIndexOf('/'))));
    if (task.status === 'succeeded' || task.status === 'cached' || around?.status === 'succeeded') continue;
    if (task.status !== 'ready' && task.status !== 'running')
      task.status = isOpen(task) ? 'ready' : 'waiting';
    delete task.failure;
    delete task.endedAt;
    delete task.reason;
    delete task.unwanted;
  }
}

/** A dag or a loop that was begun goes on. */
function isOpen({ kind, startedAt }: TaskState): boolean {
  return (kind === 'dag' || kind === 'loop') && startedAt !== undefined;
}

/** An attempt that begins or ends waits for nothing more, nor does a task of which the cache has told something new. */
function settle(task: Draft<TaskState> | undefined): void {
  if (task !== undefined) delete task.waitingFor;
}

function patch(tasks: ReadonlyMap<string, Draft<TaskState>>, path: string, change: Partial<TaskState>): void {
  const task = tasks.get(path);
  if (task !== undefined) Object.assign(task, change);
}
