import type { TaskSpec } from './pipeline-spec.ts';

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
