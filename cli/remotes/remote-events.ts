/** Tells what happens in a run elsewhere as events of our own runs, so that it is shown as they are. */
import type {
  ArtifactRecord,
  Failure,
  Outputs,
  RunEvent,
  RunStatus,
  TaskFacts,
} from '../../engine/events.ts';
import { hasEnded, type RemoteRun, type RemoteStatus, type RemoteTask } from '../../remotes/ports.ts';
import { digestOfJson, type CompiledPipeline, type ComponentSpec, type JsonValue } from '../../spec/index.ts';

/** What was started. */
export interface StartedRun {
  readonly compiled: CompiledPipeline;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly backend: string;
}

const nothing: Outputs = { parameters: {}, artifacts: {} };

/** Follows a run: takes it as it was seen, and gives the events since it was seen before. */
export function remoteEvents(started: StartedRun): (seen: RemoteRun) => RunEvent[] {
  const known = new Map<string, RemoteStatus | 'waiting'>();
  const paths = new Map<string, string>();
  let begun = false;
  let ended = false;
  return (run) => {
    const events: RunEvent[] = [];
    const now = new Date().toISOString();
    if (!begun) events.push(...beginning(started, run, run.createdAt ?? now));
    if (!begun) for (const path of pathsOf(started.compiled)) known.set(path, 'waiting');
    begun = true;
    for (const task of run.tasks.toSorted(byStart)) {
      const path = pathOf(task, run.tasks, paths);
      const before = known.get(path);
      if (before === undefined) events.push({ kind: 'tasks-added', at: now, tasks: [newFacts(path)] });
      if (before === task.status) continue;
      events.push(...changes(path, before, task, started.backend, now));
      known.set(path, task.status);
    }
    if (!ended && hasEnded(run.status)) {
      ended = true;
      const status = endOf(run.status);
      const failure =
        status === 'failed' ? failureOf(run.error ?? 'the backend tells no reason', run.link) : undefined;
      events.push({
        kind: 'run-ended',
        at: run.endedAt ?? now,
        status,
        outputs: nothing,
        ...(failure && { failure }),
      });
    }
    return events;
  };
}

/** Those that did not begin come last. */
function byStart({ startedAt: a = '~' }: RemoteTask, { startedAt: b = '~' }: RemoteTask): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function beginning({ compiled, parameters, backend }: StartedRun, run: RemoteRun, at: string): RunEvent[] {
  const { spec } = compiled;
  const definitions = Object.entries(spec.root.inputDefinitions?.parameters ?? {});
  return [
    {
      kind: 'run-started',
      at,
      runId: run.id,
      pipeline: spec.pipelineInfo.name,
      displayName: run.name,
      labels: {},
      parameters,
      parameterTypes: Object.fromEntries(
        definitions.map(([name, { parameterType }]) => [name, parameterType]),
      ),
      caching: 'on',
      concurrency: 0,
      spec: digestOfJson(spec),
      runner: backend,
    },
    { kind: 'tasks-added', at, tasks: factsOf(compiled) },
  ];
}

/** The tasks of the pipeline itself; what is inside of others becomes known as it begins. */
function factsOf({ spec }: CompiledPipeline): TaskFacts[] {
  return Object.entries(spec.root.dag?.tasks ?? {}).map(([path, task]): TaskFacts => {
    const component: ComponentSpec | undefined = spec.components?.[task.componentRef.name];
    return {
      path,
      kind: component?.dag === undefined ? 'component' : 'dag',
      component: task.componentRef.name,
      after: task.dependentTasks ?? [],
    };
  });
}

function pathsOf(compiled: CompiledPipeline): string[] {
  return factsOf(compiled).map(({ path }) => path);
}

function newFacts(path: string): TaskFacts {
  return { path, kind: 'component', component: path, after: [] };
}

/** Names of the tasks around it and its own; one that is there already, as in a loop, gets a number. */
function pathOf(task: RemoteTask, all: readonly RemoteTask[], paths: Map<string, string>): string {
  const there = paths.get(task.id);
  if (there !== undefined) return there;
  const parent =
    task.parent === undefined ? undefined : all.find(({ id }) => id === task.parent && id !== task.id);
  const whole = parent === undefined ? task.name : `${pathOf(parent, all, paths)}/${task.name}`;
  const taken = new Set(paths.values());
  let path = whole;
  for (let number = 2; taken.has(path); number++) path = `${whole} (${number})`;
  paths.set(task.id, path);
  return path;
}

function changes(
  path: string,
  before: RemoteStatus | 'waiting' | undefined,
  task: RemoteTask,
  runner: string,
  now: string,
): RunEvent[] {
  const at = task.startedAt ?? now;
  const end = task.endedAt ?? now;
  const starts: RunEvent = { kind: 'attempt-started', at, task: path, attempt: 1, name: task.id, runner };
  const wasRunning = before === 'running' || before === 'cancelling' || before === 'paused';
  const start = wasRunning ? [] : [starts];
  switch (task.status) {
    case 'pending':
      return [{ kind: 'task-ready', at: now, task: path }];
    case 'running':
    case 'cancelling':
      return start;
    case 'paused':
      return [...start, { kind: 'attempt-waiting', at: now, task: path, attempt: 1, reason: 'it is paused' }];
    case 'succeeded':
      return [...start, { kind: 'task-succeeded', at: end, task: path, outputs: outputsOf(task) }];
    case 'cached':
      return [
        {
          kind: 'task-cached',
          at: end,
          task: path,
          outputs: outputsOf(task),
          from: { runId: 'unknown', task: path },
        },
      ];
    case 'failed':
      return [
        ...start,
        {
          kind: 'task-failed',
          at: end,
          task: path,
          failure: failureOf(task.error ?? 'the backend tells no reason', undefined),
        },
      ];
    case 'skipped':
      return [
        {
          kind: 'task-skipped',
          at: end,
          task: path,
          reason: 'the backend had it in its cache, or its condition did not hold',
        },
      ];
    case 'cancelled':
      return [{ kind: 'task-cancelled', at: end, task: path }];
  }
}

function outputsOf({ artifacts }: RemoteTask): Outputs {
  const records = Object.entries(artifacts).map(([name, uris]): [string, ArtifactRecord[]] => [
    name,
    uris.map((uri) => ({ name, type: {}, uri, metadata: {}, size: 0, files: 0, folder: false })),
  ]);
  return { parameters: {}, artifacts: Object.fromEntries(records) };
}

function endOf(status: RemoteStatus): RunStatus {
  if (status === 'cancelled' || status === 'failed') return status;
  return 'succeeded';
}

function failureOf(problem: string, link: string | undefined): Failure {
  return {
    code: 'FER8015',
    kind: 'user',
    problem,
    ...(link !== undefined && { fix: `look at the run: ${link}` }),
    retryable: false,
  };
}
