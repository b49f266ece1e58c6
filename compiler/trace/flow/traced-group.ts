/** The control flow of a pipeline: tasks and groups of tasks, as a tree. */
import type { Location } from '../../../errors/index.ts';
import type { JsonValue } from '../../../spec/index.ts';
import type { PortType } from '../../interfaces/component-interface.ts';
import type { Condition } from './condition.ts';
import type { RefObject } from '../ref.ts';
import type { TracedTask } from '../traced-task.ts';

/** A place where tasks are made. */
export type TracedGroup = RootGroup | LoopGroup | ConditionGroup | BranchesGroup | ExitGroup;

/** A group that stands in another one. */
export type InnerGroup = Exclude<TracedGroup, RootGroup>;

/** What a group holds. */
export type GroupChild = InnerGroup | TracedTask;

interface Group {
  /** Tasks and groups, in the order of the source. */
  readonly children: readonly GroupChild[];
}

interface Inner extends Group {
  readonly parent: TracedGroup;
  /** Name shown to people. */
  readonly displayName?: string;
  readonly place: () => Location;
}

/** The whole of a pipeline. */
export interface RootGroup extends Group {
  readonly kind: 'root';
}

/** Runs once for each item. */
export interface LoopGroup extends Inner {
  readonly kind: 'loop';
  readonly items: LoopItems;
  readonly itemType: PortType;
  /** Iterations at a time; undefined for no limit. */
  readonly parallelism?: number;
}

export type LoopItems =
  | { readonly kind: 'constant'; readonly values: readonly JsonValue[] }
  | { readonly kind: 'ref'; readonly ref: RefObject };

/** Runs where all its conditions hold. */
export interface ConditionGroup extends Inner {
  readonly kind: 'condition';
  /** Of branches: those of the branches before, negated, and its own, which the last branch lacks. */
  readonly conditions: readonly Condition[];
}

/** Conditions of which the first that holds runs. */
export interface BranchesGroup extends Inner {
  readonly kind: 'branches';
}

/** After what it holds, its exit task runs, whatever happened. */
export interface ExitGroup extends Inner {
  readonly kind: 'exit';
  readonly exitTask: TracedTask;
}

/** Lists the groups in a group, at any depth. */
export function groupsIn(group: TracedGroup): InnerGroup[] {
  return group.children.flatMap((child) => (child.kind === 'task' ? [] : [child, ...groupsIn(child)]));
}

/** Lists the groups around a group, outermost first, itself last. */
export function groupPath(group: TracedGroup): TracedGroup[] {
  const path: TracedGroup[] = [];
  for (let at: TracedGroup | undefined = group; at !== undefined; at = parentOf(at)) path.push(at);
  return path.reverse();
}

/** The group that a group stands in. */
function parentOf(group: TracedGroup): TracedGroup | undefined {
  return group.kind === 'root' ? undefined : group.parent;
}

/** Says which task or group is meant. */
export function childText(child: GroupChild): string {
  switch (child.kind) {
    case 'task':
      return `"${child.name}"`;
    case 'loop':
      return `the loop in line ${lineOf(child)}`;
    case 'exit':
      return `the tasks before "${child.exitTask.name}"`;
    default:
      return `the branch in line ${lineOf(child)}`;
  }
}

function lineOf(child: GroupChild): string {
  return String(child.place().line ?? '?');
}
