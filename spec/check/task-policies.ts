/** Checks what decides whether and how often a task runs: its condition and its iterator. */
import { celProblem, parametersIn } from '../cel.ts';
import { listIn } from '../json.ts';
import type { TaskSpec } from '../pipeline-spec.ts';
import { componentOf, own, portsOf, whatThereIs, type Scope } from './scope.ts';

type At = readonly (string | number)[];

/** Checks that a condition reads, and that it speaks of inputs that the task has. */
export function checkCondition(task: TaskSpec, at: At, scope: Scope): void {
  const condition = task.triggerPolicy?.condition;
  if (condition === undefined) return;
  const place = [...at, 'triggerPolicy', 'condition'];
  const problem = celProblem(condition);
  if (problem !== undefined) {
    scope.report('FER3007', place, `the condition does not read: ${problem}`, {
      fix: String.raw`correct the expression; in a text of CEL a quote is written \'`,
    });
    return;
  }
  const given = task.inputs?.parameters ?? {};
  const { parameters } = portsOf(componentOf(task, scope.components)).inputs;
  for (const name of parametersIn(condition))
    if (own(given, name) === undefined && own(parameters, name)?.defaultValue === undefined)
      scope.report(
        'FER3005',
        place,
        `the condition looks at the input "${name}" of the task${whatThereIs('input parameters', Object.keys(given))}`,
      );
}

/** Checks that an iterator has items, and an input of the component to put each in. */
export function checkIterator(task: TaskSpec, at: At, scope: Scope): void {
  const { parameterIterator: parameter, artifactIterator: artifact } = task;
  const { inputs } = portsOf(componentOf(task, scope.components));
  if (parameter !== undefined) {
    const place = [...at, 'parameterIterator'];
    const { raw, inputParameter } = parameter.items;
    if (raw === undefined && inputParameter === undefined)
      scope.report('FER3002', [...place, 'items'], 'the iterator has no items', {
        fix: 'give it raw or inputParameter',
      });
    if (raw !== undefined && listIn(raw) === undefined)
      scope.report('FER3002', [...place, 'items', 'raw'], 'the items of the iterator are no list in JSON');
    if (inputParameter !== undefined && own(task.inputs?.parameters, inputParameter) === undefined)
      scope.report(
        'FER3005',
        [...place, 'items', 'inputParameter'],
        `the iterator takes its items from the input "${inputParameter}" of the task${whatThereIs('input parameters', Object.keys(task.inputs?.parameters ?? {}))}`,
      );
    if (componentOf(task, scope.components) && own(inputs.parameters, parameter.itemInput) === undefined)
      scope.report('FER3005', [...place, 'itemInput'], noInput(parameter.itemInput, inputs.parameters));
  }
  if (artifact !== undefined) {
    const place = [...at, 'artifactIterator'];
    const { inputArtifact } = artifact.items;
    if (own(task.inputs?.artifacts, inputArtifact) === undefined)
      scope.report(
        'FER3005',
        [...place, 'items', 'inputArtifact'],
        `the iterator takes its items from the input "${inputArtifact}" of the task${whatThereIs('input artifacts', Object.keys(task.inputs?.artifacts ?? {}))}`,
      );
    if (componentOf(task, scope.components) && own(inputs.artifacts, artifact.itemInput) === undefined)
      scope.report('FER3005', [...place, 'itemInput'], noInput(artifact.itemInput, inputs.artifacts));
  }
}

function noInput(name: string, inputs: object): string {
  return `the iterator puts items into the input "${name}" of the component${whatThereIs('inputs', Object.keys(inputs))}`;
}
