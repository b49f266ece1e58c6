/** Tells whether a value can be seen from a place: what a loop or a branch makes stays inside. */
import { refText, wholeOf, type RefObject } from '../ref.ts';
import { groupPath, type ConditionGroup, type LoopGroup, type TracedGroup } from './traced-group.ts';

/** Why a Ref cannot be used in a group; undefined where it can. */
export interface ScopeFault {
  readonly problem: string;
  readonly fix: string;
}

/** Checks that a Ref can be used in a group. */
export function scopeFault(ref: RefObject, user: TracedGroup): ScopeFault | undefined {
  const home = homeOf(ref);
  if (home === undefined) return undefined;
  const users = new Set(groupPath(user));
  // Of the groups that hold the value and not its user, the outermost one says what is missing.
  const wall = groupPath(home).find((group) => !users.has(group) && group.kind !== 'exit');
  if (wall === undefined) return undefined;
  const { whole } = wholeOf(ref);
  if (wall.kind === 'loop')
    return {
      problem: `${refText(ref)} is used outside its loop, where it is many values`,
      fix:
        whole.source.kind === 'item'
          ? 'use it in the function that forEach is given'
          : 'give it back from the function of the loop, and take the list: collect(loop)',
    };
  return {
    problem: `${refText(ref)} is used outside its branch, which may not run`,
    fix:
      wall.kind === 'branches'
        ? 'give it back from each branch, and take the one that ran: oneOf(branches)'
        : 'use it in the branch, or add .otherwise(...) that gives the same, and take oneOf(branches)',
  };
}

/** The group in which a Ref's value is at hand; undefined for what was reported already. */
export function homeOf(ref: RefObject): TracedGroup | undefined {
  const { source } = wholeOf(ref).whole;
  switch (source.kind) {
    case 'output':
      return source.task.group;
    case 'item':
      return source.loop;
    case 'oneOf':
      return source.branches.parent;
    case 'collected':
      return source.loop.parent;
    default:
      return undefined;
  }
}

/** Whether a value is made inside a group, so that the group can give it. */
export function isMadeIn(ref: RefObject, group: ConditionGroup | LoopGroup): boolean {
  const home = homeOf(ref);
  return ref.source.kind !== 'item' && home !== undefined && groupPath(home).includes(group);
}
