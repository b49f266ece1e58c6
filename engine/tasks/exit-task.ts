/** Tasks that run whatever became of those before them. */
import type { TaskSpec } from '../../spec/index.ts';

/** Whether a task runs as soon as the tasks before it have ended, in whatever way. */
export function runsAnyway(task: TaskSpec): boolean {
  return task.triggerPolicy?.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED';
}

/**
 * Whether a task is an exit task. A spec has no word for it: it is a task that runs anyway, and waits for the group that
 * an exit handler is compiled to, or takes the final status of a group. A task that only ignores a failure before it
 * looks the same but for the name of what it waits for.
 */
export function isExitTask(task: TaskSpec, tasks: Readonly<Record<string, TaskSpec>>): boolean {
  if (!runsAnyway(task)) return false;
  return (task.dependentTasks ?? []).some((name) =>
    /^comp-exit-handler-\d+/.test(tasks[name]?.componentRef.name ?? ''),
  );
}
