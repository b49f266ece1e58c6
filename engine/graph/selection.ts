/** Which part of a pipeline a run is about. */
import { namesBefore, type TaskSpec } from '../../spec/index.ts';
import type { TaskNode } from './graph.ts';

/** Which tasks of a scope run: all, one with what it needs, or all with some anew. */
export interface Selection {
  readonly only?: string;
  readonly from?: string;
}

/** Narrows the selection of a task's scope to what is in the task. Of an iteration, a path that names none is about all. */
export function selectionInside({ iteration, name, scope }: TaskNode): Selection {
  return narrowed(scope.selection, (path) => {
    if (iteration === undefined) return headOf(path) === name ? restOf(path) : undefined;
    const named = iterationIn(path);
    if (named === undefined) return path;
    return named === iteration.index ? restOf(path) : undefined;
  });
}

/** Tells which iteration a path inside a loop names; undefined where it names a task of all of them. */
export function iterationIn(path: string | undefined): number | undefined {
  const head = headOf(path ?? '');
  return /^\d+$/.test(head) ? Number(head) : undefined;
}

/** Collects a task and all that it needs, or all that needs it. */
export function reach(
  tasks: Readonly<Record<string, TaskSpec>>,
  start: string,
  direction: 'before' | 'after',
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const [name, task] of Object.entries(tasks))
    for (const before of namesBefore(task)) {
      const [from, to] = direction === 'before' ? [name, before] : [before, name];
      next.set(from, [...(next.get(from) ?? []), to]);
    }
  const found = new Set([start]);
  for (const name of found) for (const other of next.get(name) ?? []) found.add(other);
  return found;
}

export function headOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function restOf(path: string): string | undefined {
  const at = path.indexOf('/');
  return at < 0 ? undefined : path.slice(at + 1);
}

function narrowed(
  { only, from }: Selection,
  inside: (path: string) => string | undefined,
): { readonly only?: string; readonly from?: string } {
  const narrowOnly = only === undefined ? undefined : inside(only);
  const narrowFrom = from === undefined ? undefined : inside(from);
  return {
    ...(narrowOnly !== undefined && { only: narrowOnly }),
    ...(narrowFrom !== undefined && { from: narrowFrom }),
  };
}
