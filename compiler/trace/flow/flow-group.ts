/** What all groups of control flow have in common: their options, and a function that runs while they are open. */
import type { Location } from '../../../errors/index.ts';
import type { PortType } from '../../interfaces/component-interface.ts';
import { OptionReader } from '../../options/option-reader.ts';
import type { ConditionCalls } from './condition-calls.ts';
import type { OpenGroups } from './open-groups.ts';
import type { RefSource } from '../ref.ts';
import type { TraceContext } from '../trace-context.ts';
import type { InnerGroup, TracedGroup } from './traced-group.ts';
import type { TracedTask } from '../traced-task.ts';

/** What control flow needs of the tracer. */
export interface FlowSurroundings {
  readonly context: TraceContext;
  readonly groups: OpenGroups;
  readonly conditions: ConditionCalls;
  ref(source: RefSource, type: PortType | undefined): object;
  taskOf(value: unknown): TracedTask | undefined;
  /** Whether a value stands for a task or a Ref whose fault was reported. */
  isBroken(value: unknown): boolean;
}

export interface GroupSettings extends Pick<InnerGroup, 'displayName'> {
  readonly parallelism?: number;
}

/** Runs a group's function with the group open. */
export function runInGroup(
  { groups, context }: FlowSurroundings,
  group: TracedGroup,
  name: string,
  body: unknown,
  given: readonly unknown[],
): unknown {
  const at = context.callPlace();
  if (typeof body !== 'function') {
    context.diagnostics.add('FER2030', {
      at: at(),
      problem: `${name}() has no function`,
      fix: 'give it one: () => { ... }',
    });
    return undefined;
  }
  const run = body as (...given: readonly unknown[]) => unknown;
  const faults = context.diagnostics.count;
  const returned = groups.within(group, () => run(...given));
  if (returned instanceof Promise) {
    // Whatever it rejects with comes of the same mistake.
    returned.catch(() => undefined);
    context.diagnostics.add('FER2013', {
      at: at(),
      problem: `the function of ${name}() is async: it is traced once, when the pipeline is compiled`,
      fix: 'remove async; let a component do what must wait',
    });
  } else if (group.children.length === 0 && context.diagnostics.count === faults)
    context.diagnostics.add('FER2030', {
      at: at(),
      problem: `the function of ${name}() makes no task`,
      fix: 'call a component in it: a run can do nothing else',
    });
  return returned;
}

/** Reads the options of a group; what is wrong is reported. */
export function readGroupOptions(
  { context }: FlowSurroundings,
  options: unknown,
  place: () => Location,
  isLoop = false,
): GroupSettings {
  const reader = new OptionReader(options, place, context.diagnostics);
  const displayName = reader.text('name');
  const parallelism = isLoop ? reader.number('parallelism') : undefined;
  reader.refuseOthers(isLoop ? ['name', 'parallelism'] : ['name']);
  if (parallelism !== undefined && !(Number.isInteger(parallelism) && parallelism >= 1))
    reader.fault('parallelism', 'must be a whole number of 1 or more', 'leave it out for no limit');
  return {
    ...(displayName !== undefined && { displayName }),
    ...(parallelism !== undefined && { parallelism }),
  };
}
