/** Writes what a task or group waits for. */
import { compareText, type TaskSpec } from '../../spec/index.ts';
import type { GroupChild } from '../trace/flow/traced-group.ts';
import type { PipelineGroups } from './pipeline-groups.ts';

/** Lists the names of the siblings that must have ended before, in order. */
export function dependentTasks(
  child: GroupChild,
  { waits, names }: PipelineGroups,
): Pick<TaskSpec, 'dependentTasks'> {
  const found = [...(waits.get(child) ?? [])].map((other) =>
    other.kind === 'task' ? other.name : names.of(other),
  );
  return found.length === 0 ? {} : { dependentTasks: found.sort(compareText) };
}
