/** Finds tasks that wait for each other in a circle, which only `after` can bring about. */
import type { Diagnostics } from '../diagnostics.ts';
import type { Constant, TracedTask } from './traced-task.ts';

/** Reports one circle, if there is any. */
export function checkCycles(tasks: readonly TracedTask[], diagnostics: Diagnostics): void {
  const state = new Map<TracedTask, 'open' | 'done'>();
  for (const start of tasks) {
    const circle = walk(start, state);
    if (circle === undefined) continue;
    const names = circle.map(({ name }) => `"${name}"`);
    diagnostics.add('FER2014', {
      at: start.place(),
      problem: `tasks wait for each other in a circle: ${[...names, names[0]].join(' waits for ')}`,
      fix: 'take one of them out of an `after`',
    });
    return;
  }
}

/** Walks depth first without recursion: chains of thousands of tasks are usual. */
function walk(start: TracedTask, state: Map<TracedTask, 'open' | 'done'>): TracedTask[] | undefined {
  if (state.has(start)) return undefined;
  const path = [{ task: start, next: [...predecessors(start)] }];
  state.set(start, 'open');
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const task = top.next.pop();
    if (task === undefined) {
      state.set(top.task, 'done');
      path.pop();
    } else if (state.get(task) === 'open')
      return path.slice(path.findIndex((step) => step.task === task)).map((step) => step.task);
    else if (!state.has(task)) {
      state.set(task, 'open');
      path.push({ task, next: [...predecessors(task)] });
    }
  }
  return undefined;
}

function predecessors(task: TracedTask): Set<TracedTask> {
  const found = new Set(task.after);
  const visit = (value: Constant): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('list' in value) value.list.forEach(visit);
    else if ('struct' in value) Object.values(value.struct).forEach(visit);
    else
      for (const part of value.template)
        if (typeof part !== 'string' && part.source.kind === 'output') found.add(part.source.task);
  };
  for (const binding of task.inputs.values())
    if (binding.kind === 'constant') visit(binding.value);
    else if (binding.ref.source.kind === 'output') found.add(binding.ref.source.task);
  return found;
}
