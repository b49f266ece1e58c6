/** Traces `onExit`. */
import { readGroupOptions, runInGroup, type FlowSurroundings } from './flow-group.ts';
import type { ExitGroup, TracedGroup } from './traced-group.ts';
import type { TracedTask } from '../traced-task.ts';

export class ExitCalls {
  readonly #to: FlowSurroundings;

  constructor(to: FlowSurroundings) {
    this.#to = to;
  }

  onExit(task: unknown, body: unknown, options: unknown): unknown {
    const { groups, context } = this.#to;
    const place = context.callPlace();
    const exitTask = this.#to.taskOf(task);
    const fault = (problem: string, fix: string): void =>
      context.diagnostics.add('FER2031', { at: place(), problem, fix });
    if (exitTask !== undefined) this.#named.add(exitTask);
    if (groups.current.kind !== 'root')
      fault(
        'onExit() stands in a loop or branch',
        "write it in the pipeline's function itself: KFP runs exit tasks at the end of a whole pipeline",
      );
    else if (exitTask !== undefined) this.#checkExitTask(exitTask, fault);
    else if (!this.#to.isBroken(task))
      fault('onExit() needs a task of this pipeline', 'make it before: const told = notify({ ... })');
    const common = readGroupOptions(this.#to, options, place);
    const run = (group: TracedGroup): unknown => runInGroup(this.#to, group, 'onExit', body, []);
    if (exitTask === undefined || this.#exitTasks.has(exitTask) || exitTask.group.kind !== 'root')
      return run(groups.current);
    groups.remove(exitTask.group, exitTask);
    const parent = groups.current;
    const group = groups.make<ExitGroup>((children) => ({
      kind: 'exit',
      exitTask,
      parent,
      children,
      ...common,
      place,
    }));
    this.#exitTasks.set(exitTask, group);
    groups.add(group);
    return run(group);
  }
  readonly #exitTasks = new Map<TracedTask, ExitGroup>();
  readonly #named = new Set<TracedTask>();

  #checkExitTask(task: TracedTask, fault: (problem: string, fix: string) => void): void {
    if (task.work.kind === 'importer')
      fault(
        `"${task.name}" is an importer: KFP runs none as an exit task`,
        'let a component do what must be done',
      );
    else if (this.#exitTasks.has(task))
      fault(`"${task.name}" is the exit task of another onExit() already`, 'make a task for each');
    else if (task.group.kind !== 'root')
      fault(
        `the exit task "${task.name}" is made in a loop or branch`,
        "make it in the pipeline's function itself",
      );
  }

  /** Whether onExit() was given a task, rightly or not. */
  isNamed(task: TracedTask): boolean {
    return this.#named.has(task);
  }

  /** The exit tasks, by the groups that they run after. */
  get exitTasks(): ReadonlyMap<TracedTask, ExitGroup> {
    return this.#exitTasks;
  }
}
