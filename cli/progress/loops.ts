/** Loops as people see them: a line that says how far one is, not a line for each of a thousand iterations. */
import type { TaskState } from '../../engine/run-state.ts';

/** A loop of more iterations than this is shown as one line, with what failed in it. */
export const mostIterationsShown = 8;

/** Most failures in such loops that are named. */
const mostFailuresShown = 10;

/** How far a loop is, in iterations. */
export interface LoopCounts {
  readonly total: number;
  readonly done: number;
  readonly running: number;
  readonly failed: number;
  /** Those that did not run and will not: also such as the loop never began, because it was ended. */
  readonly skipped: number;
}

export interface ShownTasks {
  readonly tasks: readonly TaskState[];
  /** How far each loop is, by path. */
  readonly loops: ReadonlyMap<string, LoopCounts>;
  /** Failures that are not shown. */
  readonly unnamed: number;
}

/** Picks the tasks to show: all but what is inside of large loops, of which only failures are. */
export function shownTasks(tasks: readonly TaskState[]): ShownTasks {
  const inside = insideOfLarge(tasks);
  const causes = new Set(causesOf(tasks).filter(inside).slice(0, mostFailuresShown));
  return {
    tasks: asTree(tasks.filter((task) => !inside(task) || causes.has(task))),
    loops: countLoops(tasks),
    unnamed: causesOf(tasks).filter(inside).length - causes.size,
  };
}

/** Puts tasks after the group that they are in, in their order otherwise. */
function asTree(tasks: readonly TaskState[]): readonly TaskState[] {
  const names = new Set(tasks.map(({ name }) => name));
  const below = new Map<string, TaskState[]>();
  for (const task of tasks) {
    const group = around(task.name).findLast((path) => names.has(path)) ?? '';
    const others = below.get(group);
    if (others === undefined) below.set(group, [task]);
    else others.push(task);
  }
  const from = (group: string): TaskState[] =>
    (below.get(group) ?? []).flatMap((task) => [task, ...from(task.name)]);
  return from('');
}

/** Tells whether a task is inside of a loop that is shown as one line. */
export function insideOfLarge(tasks: readonly TaskState[]): (task: Pick<TaskState, 'name'>) => boolean {
  const large = new Set(
    tasks.filter(({ iterations = 0 }) => iterations > mostIterationsShown).map(({ name }) => name),
  );
  return ({ name }) => large.size > 0 && around(name).some((path) => large.has(path));
}

/** Finds the tasks that failed by themselves, and not because of one inside of them. */
export function causesOf(tasks: readonly TaskState[]): readonly TaskState[] {
  const failed = tasks.filter(({ status, failure }) => status === 'failed' && failure !== undefined);
  const inherited = new Set(failed.flatMap(({ name }) => around(name)));
  return failed.filter(({ name }) => !inherited.has(name));
}

/** Says how far a loop is. */
export function loopWords({ total, done, running, failed, skipped }: LoopCounts): string {
  const parts = [`${done} of ${total}`];
  if (running > 0) parts.push(`${running} running`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}

/** Counts the iterations that did not run, and will not, and are no tasks of the run: nothing opened them. */
export function iterationsNeverBegun(tasks: readonly TaskState[]): number {
  const loops = countLoops(tasks);
  const known = tasks.filter(({ name }) => loops.has(around(name).at(-1) ?? '')).map(({ status }) => status);
  const begun = known.filter((status) => status === 'skipped' || status === 'cancelled').length;
  return [...loops.values()].reduce((sum, { skipped }) => sum + skipped, 0) - begun;
}

function countLoops(tasks: readonly TaskState[]): Map<string, LoopCounts> {
  const loops = new Map<string, { -readonly [K in keyof LoopCounts]: LoopCounts[K] }>();
  const ended: string[] = [];
  for (const { name, iterations, status } of tasks) {
    if (iterations === undefined) continue;
    loops.set(name, { total: iterations, done: 0, running: 0, failed: 0, skipped: 0 });
    if (status !== 'ready' && status !== 'waiting') ended.push(name);
  }
  if (loops.size === 0) return loops;
  for (const { name, status } of tasks) {
    const [loop = ''] = around(name).slice(-1);
    const counts = loops.get(loop);
    if (counts === undefined) continue;
    if (status === 'succeeded' || status === 'cached') counts.done += 1;
    else if (status === 'failed') counts.failed += 1;
    else if (status === 'ready' || status === 'running') counts.running += 1;
    else if (status !== 'waiting') counts.skipped += 1;
  }
  for (const name of ended) {
    const counts = loops.get(name);
    if (counts !== undefined) counts.skipped = counts.total - counts.done - counts.failed - counts.running;
  }
  return loops;
}

/** The paths of what a task is inside of, outermost first. */
function around(path: string): string[] {
  const found: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at));
  return found;
}
