/** Numbers groups as KFP does: one counter for a pipeline, in the order in which its function opens them. */
import type { Diagnostics } from '../../diagnostics.ts';
import { groupsIn, type InnerGroup, type LoopGroup, type TracedGroup } from './traced-group.ts';
import type { TracedTask } from '../traced-task.ts';

export interface GroupNames {
  /** The name of a group as a task: `for-loop-2`. */
  of(group: InnerGroup): string;
  /** The number in the name of a constant list's item: `loop-item-param-1`. */
  itemNumber(loop: LoopGroup): number;
}

/** Names all groups of a pipeline. */
export function groupNames(body: TracedGroup): GroupNames {
  const ids = new Map<InnerGroup, number>();
  const items = new Map<LoopGroup, number>();
  let last = 0;
  const visit = (group: TracedGroup): void => {
    for (const child of group.children) if (child.kind !== 'task') enter(child);
  };
  const enter = (group: InnerGroup): void => {
    if (group.kind === 'branches') {
      enterBranches(group);
      return;
    }
    // A constant list takes a number for its item before its loop takes one.
    if (group.kind === 'loop' && group.items.kind === 'constant') items.set(group, (last += 1));
    ids.set(group, (last += 1));
    visit(group);
  };
  // Only the second branch shows that there are several: KFP then gives the group around them the number of the first
  // one, which takes the next that is free.
  const enterBranches = (group: InnerGroup): void => {
    ids.set(group, (last += 1));
    for (const [index, branch] of group.children.entries()) {
      if (branch.kind === 'task') continue;
      if (index > 0) ids.set(branch, (last += 1));
      visit(branch);
      if (index === 0) ids.set(branch, (last += 1));
    }
  };
  visit(body);
  const numberOf = (numbers: ReadonlyMap<InnerGroup, number>, group: InnerGroup): number => {
    const number = numbers.get(group);
    if (number === undefined) throw new Error(`a ${group.kind} without a number`);
    return number;
  };
  return {
    of: (group) => `${kinds[group.kind]}-${numberOf(ids, group)}`,
    itemNumber: (loop) => numberOf(items, loop),
  };
}

const kinds: Readonly<Record<InnerGroup['kind'], string>> = {
  loop: 'for-loop',
  condition: 'condition',
  branches: 'condition-branches',
  exit: 'exit-handler',
};

/** Reports a task that is called as a group is. */
export function checkGroupNames(
  tasks: readonly TracedTask[],
  body: TracedGroup,
  diagnostics: Diagnostics,
): void {
  const alike = tasks.filter(({ name }) =>
    /^(for-loop|condition|condition-branches|exit-handler)-\d+$/.test(name),
  );
  if (alike.length === 0) return;
  const names = groupNames(body);
  const taken = new Set(groupsIn(body).map((group) => names.of(group)));
  for (const task of alike)
    if (taken.has(task.name))
      diagnostics.add('FER2016', {
        at: task.place(),
        problem: `the task "${task.name}" is called as KFP calls one of the pipeline's groups`,
        fix: 'give it another name',
      });
}
