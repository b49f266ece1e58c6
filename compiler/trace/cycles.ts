/** Finds tasks that wait for each other in a circle, which `after` can bring about, and groups of tasks too. */
import type { Diagnostics } from '../diagnostics.ts';
import { childText, type GroupChild } from './flow/traced-group.ts';
import type { Waits } from './flow/waits.ts';

/** Reports one circle, if there is any. */
export function checkCycles(waits: Waits, diagnostics: Diagnostics): void {
  const state = new Map<GroupChild, 'open' | 'done'>();
  for (const start of waits.keys()) {
    const circle = walk(start, waits, state);
    if (circle === undefined) continue;
    const names = circle.map((child) => childText(child));
    diagnostics.add('FER2014', {
      at: start.place(),
      problem: `tasks wait for each other in a circle: ${[...names, names[0]].join(' waits for ')}`,
      fix: circle.every(({ kind }) => kind === 'task')
        ? 'take one of them out of an `after`'
        : 'take one of them out of an `after`, or out of the loop or branch it is in',
    });
    return;
  }
}

/** Walks depth first without recursion: chains of thousands of tasks are usual. */
function walk(
  start: GroupChild,
  waits: Waits,
  state: Map<GroupChild, 'open' | 'done'>,
): GroupChild[] | undefined {
  if (state.has(start)) return undefined;
  const next = (child: GroupChild): GroupChild[] => [...(waits.get(child) ?? [])];
  const path = [{ child: start, next: next(start) }];
  state.set(start, 'open');
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const child = top.next.pop();
    if (child === undefined) {
      state.set(top.child, 'done');
      path.pop();
    } else if (state.get(child) === 'open')
      return path.slice(path.findIndex((step) => step.child === child)).map((step) => step.child);
    else if (!state.has(child)) {
      state.set(child, 'open');
      path.push({ child, next: next(child) });
    }
  }
  return undefined;
}
