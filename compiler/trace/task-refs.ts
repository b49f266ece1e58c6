/** Lists the Refs that a task looks at. */
import { refsOfSettings } from '../options/task-settings.ts';
import type { RefObject } from './ref.ts';
import type { Binding, Constant, TracedTask } from './traced-task.ts';

/** Every Ref of a task's inputs and options, those in texts too. */
export function refsOfTask(task: TracedTask): RefObject[] {
  return [
    ...[...task.inputs.values()].flatMap((binding) => refsOfBinding(binding)),
    ...refsOfSettings(task.options),
  ];
}

/** The Refs of what one input is given. */
function refsOfBinding(binding: Binding): RefObject[] {
  return binding.kind === 'ref' ? [binding.ref] : refsOfConstant(binding.value);
}

/** The Refs in the texts of a constant. */
function refsOfConstant(value: Constant): RefObject[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('list' in value) return value.list.flatMap((item) => refsOfConstant(item));
  if ('struct' in value) return Object.values(value.struct).flatMap((field) => refsOfConstant(field));
  return value.template.filter((part) => typeof part !== 'string');
}
