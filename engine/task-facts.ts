import { namesBefore, type DagSpec, type PipelineSpec } from '../spec/index.ts';
import type { TaskFacts } from './events.ts';
import { isExitTask } from './tasks/exit-task.ts';
import { componentKind, isLoop } from './graph/graph.ts';

/**
 * Tells what a log says of the tasks of a DAG.
 * @param around path of the task that it is; empty for the pipeline itself, and for what is said of each iteration
 * @param exit whether it is inside of an exit task
 */
export function taskFacts(spec: PipelineSpec, dag: DagSpec, around: string, exit: boolean): TaskFacts[] {
  const tasks = dag.tasks ?? {};
  const pathOf = (name: string): string => (around === '' ? name : `${around}/${name}`);
  return Object.entries(tasks).map(([name, task]) => {
    const component = task.componentRef.name;
    const shown = task.taskInfo?.name;
    return {
      path: pathOf(name),
      kind: isLoop(task) ? 'loop' : componentKind(spec, spec.components?.[component] ?? {}),
      component,
      ...(shown !== undefined && shown !== name && { displayName: shown }),
      after: [...namesBefore(task)].filter((before) => tasks[before] !== undefined).map(pathOf),
      ...((exit || isExitTask(task, tasks)) && { exit: true as const }),
    };
  });
}
