/** Tells of the tasks of a run as KFP's API does. */
import type { ArtifactRecord, TaskState } from '../../engine/index.ts';
import type { RuntimeState, TaskDetail } from '../messages/run.ts';
import { artifactIdOf, taskIdOf } from './names.ts';
import type { RunView } from './views.ts';

/** Writes the details of all tasks, in the order in which they became known. */
export function taskDetails(runId: string, { state, inputs }: RunView): TaskDetail[] {
  const children = new Map<string, TaskState[]>();
  for (const task of state.tasks) {
    const parent = parentOf(task.name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), task]);
  }
  return state.tasks.map((task) => {
    const parent = parentOf(task.name);
    const inside = children.get(task.name) ?? [];
    const given = artifactLists(inputs.artifactsOf(task.name), (record) =>
      idOfRecord(record, runId, state.tasks),
    );
    const made = artifactLists(task.outputs?.artifacts ?? {}, (_, output, position) =>
      artifactIdOf(runId, task.name, output, position),
    );
    return {
      run_id: runId,
      task_id: taskIdOf(runId, task.name),
      display_name: task.displayName ?? lastName(task.name),
      create_time: task.startedAt ?? state.startedAt,
      ...(task.startedAt !== undefined && { start_time: task.startedAt }),
      ...(task.endedAt !== undefined && { end_time: task.endedAt }),
      state: stateOf(task),
      ...(task.failure !== undefined && {
        error: { code: 2, message: `${task.failure.code} ${task.failure.problem}` },
      }),
      ...(given !== undefined && { inputs: given }),
      ...(made !== undefined && { outputs: made }),
      ...(parent !== undefined && { parent_task_id: taskIdOf(runId, parent) }),
      ...(inside.length > 0 && {
        child_tasks: inside.map(({ name }) => ({ task_id: taskIdOf(runId, name) })),
      }),
      ...(task.on !== undefined && { pod_name: task.on }),
    };
  });
}

/** KFP says of what was taken from the cache that it was skipped. */
function stateOf({ status }: TaskState): RuntimeState {
  switch (status) {
    case 'waiting':
    case 'ready':
      return 'PENDING';
    case 'running':
      return 'RUNNING';
    case 'succeeded':
      return 'SUCCEEDED';
    case 'cached':
    case 'skipped':
      return 'SKIPPED';
    case 'failed':
      return 'FAILED';
    case 'cancelled':
      return 'CANCELED';
  }
}

type Lists = Readonly<Record<string, readonly ArtifactRecord[]>>;

function artifactLists(
  lists: Lists,
  idOf: (record: ArtifactRecord, name: string, position: number) => string | undefined,
): TaskDetail['inputs'] {
  const entries = Object.entries(lists).map(([name, records]) => {
    const ids = records.flatMap((record, position) => idOf(record, name, position) ?? []);
    return [name, { artifact_ids: ids }] as const;
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Finds the artifact of this run that a task was given: by where it lies, as what came from the cache has another maker. */
export function idOfRecord(
  record: ArtifactRecord,
  runId: string,
  tasks: readonly TaskState[],
): string | undefined {
  for (const { name, kind, outputs } of tasks) {
    if (kind === 'dag' || kind === 'loop') continue;
    for (const [output, records] of Object.entries(outputs?.artifacts ?? {}))
      for (const [position, made] of records.entries())
        if (made.uri === record.uri) return artifactIdOf(runId, name, output, position);
  }
  return undefined;
}

/** The task around a task; undefined at the top. */
function parentOf(path: string): string | undefined {
  const at = path.lastIndexOf('/');
  return at < 0 ? undefined : path.slice(0, at);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
