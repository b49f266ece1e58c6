/** Checks the inside of a DAG: its tasks, what they wait for, and what it gives. */
import { hasOutputs } from './dag-outputs.ts';
import { findCircle } from '../circles.ts';
import { namesBefore } from '../names-before.ts';
import { own, type Scope } from './scope.ts';
import { checkTaskInputs } from './task-inputs.ts';
import { checkCondition, checkIterator } from './task-policies.ts';

type At = readonly (string | number)[];

/** Checks a DAG at its path; components that its tasks name are checked by themselves. */
export function checkDag(at: At, scope: Scope): void {
  const tasks = scope.dag.tasks ?? {};
  for (const [name, task] of Object.entries(tasks)) {
    const place = [...at, 'tasks', name];
    const component = task.componentRef.name;
    if (own(scope.components, component) === undefined)
      scope.report('FER3005', [...place, 'componentRef', 'name'], `there is no component "${component}"`);
    task.dependentTasks?.forEach((other, index) => {
      if (own(tasks, other) === undefined)
        scope.report('FER3005', [...place, 'dependentTasks', index], `there is no task "${other}"`);
    });
    checkTaskInputs(task, place, scope);
    checkIterator(task, place, scope);
    checkCondition(task, place, scope);
  }
  hasOutputs(at, scope);
  const circle = findCircle(new Map(Object.entries(tasks).map(([name, task]) => [name, namesBefore(task)])));
  if (circle !== undefined)
    scope.report(
      'FER3005',
      [...at, 'tasks', circle[0] ?? ''],
      `tasks wait for each other in a circle: ${[...circle, circle[0]].join(' -> ')}`,
      { isKey: true },
    );
}
