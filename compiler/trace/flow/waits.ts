/** Works out what waits for what: between siblings, as KFP has it; a task in a loop makes its whole loop wait. */
import { refsOfCondition } from './condition.ts';
import { wholeOf, type RefObject } from '../ref.ts';
import { refsOfTask } from '../task-refs.ts';
import { groupPath, type GroupChild, type TracedGroup } from './traced-group.ts';

/** For a task or group, the siblings that must have ended before it. */
export type Waits = ReadonlyMap<GroupChild, ReadonlySet<GroupChild>>;

/** Reads a pipeline's tree. */
export function waitsOf(body: TracedGroup): Waits {
  const waits = new Map<GroupChild, Set<GroupChild>>();
  const add = (child: GroupChild, other: GroupChild): void => {
    const { down, up } = siblings(child, other);
    const known = waits.get(down);
    if (known === undefined) waits.set(down, new Set([up]));
    else known.add(up);
  };
  const addRefs = (child: GroupChild, refs: readonly RefObject[]): void => {
    for (const ref of refs) {
      const producer = producerOf(ref);
      if (producer !== undefined) add(child, producer);
    }
  };
  const visit = (group: TracedGroup): void => {
    for (const child of group.children) {
      if (child.kind === 'task') {
        addRefs(child, refsOfTask(child));
        for (const other of child.after) add(child, other);
        continue;
      }
      if (child.kind === 'condition') addRefs(child, child.conditions.flatMap(refsOfCondition));
      if (child.kind === 'loop' && child.items.kind === 'ref') addRefs(child, [child.items.ref]);
      if (child.kind === 'exit') waits.set(child.exitTask, new Set([child]));
      visit(child);
    }
  };
  visit(body);
  return waits;
}

/** The task or group whose end gives a Ref its value; undefined for what is there from the start of its group. */
function producerOf(ref: RefObject): GroupChild | undefined {
  const { source } = wholeOf(ref).whole;
  switch (source.kind) {
    case 'output':
      return source.task;
    case 'oneOf':
      return source.branches;
    case 'collected':
      return source.loop;
    default:
      return undefined;
  }
}

/** The groups, or the tasks themselves, at which the ways from the pipeline down to two of them part. */
export function siblings(down: GroupChild, up: GroupChild): { down: GroupChild; up: GroupChild } {
  const [downPath, upPath] = [pathOf(down), pathOf(up)];
  const parting = downPath.findIndex((node, index) => node !== upPath[index]);
  return { down: downPath[parting] ?? down, up: upPath[parting] ?? up };
}

function pathOf(child: GroupChild): GroupChild[] {
  const parent = child.kind === 'task' ? child.group : child.parent;
  return [...groupPath(parent).filter((group) => group.kind !== 'root'), child];
}
