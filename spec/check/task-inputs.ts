/** Checks where the inputs of a task come from. */
import { celProblem } from '../cel.ts';
import { isLeakedItem } from '../names.ts';
import type { TaskInputArtifact, TaskInputParameter, TaskSpec } from '../pipeline-spec.ts';
import { constantProblem, mayFlow } from './constants.ts';
import { componentOf, outputOf, own, portsOf, whatThereIs, type Ports, type Scope } from './scope.ts';

type At = readonly (string | number)[];

/** Checks each input that a task is given, and that it is given all it needs. */
export function checkTaskInputs(task: TaskSpec, at: At, scope: Scope): void {
  const { inputs } = portsOf(componentOf(task, scope.components));
  for (const [name, input] of Object.entries(task.inputs?.parameters ?? {}))
    checkParameter(name, input, [...at, 'inputs', 'parameters', name], inputs, scope);
  for (const [name, input] of Object.entries(task.inputs?.artifacts ?? {}))
    checkArtifact(name, input, [...at, 'inputs', 'artifacts', name], inputs, scope);
  checkNeeds(task, at, inputs, scope);
}

function checkParameter(
  name: string,
  input: TaskInputParameter,
  at: At,
  inputs: Ports['inputs'],
  scope: Scope,
): void {
  const definition = own(inputs.parameters, name);
  if (definition === undefined && own(inputs.artifacts, name) !== undefined)
    scope.report('FER3005', at, `the input "${name}" is an artifact, and is given a parameter`);
  const selector = input.parameterExpressionSelector;
  const malformed = selector === undefined ? undefined : celProblem(selector);
  if (malformed !== undefined)
    scope.report(
      'FER3007',
      [...at, 'parameterExpressionSelector'],
      `the selector does not read: ${malformed}`,
    );
  const source = sourceType(input, at, scope);
  if (selector !== undefined || definition === undefined) return;
  const { constant } = input.runtimeValue ?? {};
  const problem = constant === undefined ? undefined : constantProblem(constant, definition.parameterType);
  if (problem !== undefined)
    scope.report(
      'FER3003',
      [...at, 'runtimeValue', 'constant'],
      `the constant of the input "${name}" ${problem}`,
    );
  if (!mayFlow(source, definition.parameterType))
    scope.report(
      'FER3003',
      at,
      `the input "${name}" takes a ${definition.parameterType}, and is given a ${source}`,
    );
}

/** The type of what a parameter comes from, where there is one. Reports names that lead nowhere. */
function sourceType(input: TaskInputParameter, at: At, scope: Scope) {
  const {
    componentInputParameter: outer,
    taskOutputParameter: output,
    taskFinalStatus,
    runtimeValue,
  } = input;
  if (outer !== undefined) {
    const { parameters, artifacts } = portsOf(scope.owner).inputs;
    const found = own(parameters, outer);
    if (found === undefined && !isLeakedItem(outer))
      scope.report(
        'FER3005',
        [...at, 'componentInputParameter'],
        own(artifacts, outer) === undefined
          ? `there is no input parameter "${outer}" of the component around${whatThereIs('input parameters', Object.keys(parameters))}`
          : `the input "${outer}" of the component around is an artifact`,
      );
    return found?.parameterType;
  }
  if (output !== undefined) {
    const from = { task: output.producerTask, key: output.outputParameterKey };
    return outputOf(scope, 'parameters', from, [...at, 'taskOutputParameter'])?.parameterType;
  }
  if (taskFinalStatus !== undefined && own(scope.dag.tasks, taskFinalStatus.producerTask) === undefined)
    scope.report(
      'FER3005',
      [...at, 'taskFinalStatus', 'producerTask'],
      `there is no task "${taskFinalStatus.producerTask}"`,
    );
  else if (taskFinalStatus === undefined && runtimeValue === undefined)
    scope.report('FER3002', at, 'the input does not say where its value comes from', {
      fix: 'give it a runtimeValue, a taskOutputParameter, a componentInputParameter or a taskFinalStatus',
    });
  return undefined;
}

function checkArtifact(
  name: string,
  input: TaskInputArtifact,
  at: At,
  inputs: Ports['inputs'],
  scope: Scope,
): void {
  const { componentInputArtifact: outer, taskOutputArtifact: output } = input;
  if (own(inputs.artifacts, name) === undefined && own(inputs.parameters, name) !== undefined)
    scope.report('FER3005', at, `the input "${name}" is a parameter, and is given an artifact`);
  if (outer !== undefined) {
    const { artifacts } = portsOf(scope.owner).inputs;
    if (own(artifacts, outer) === undefined)
      scope.report(
        'FER3005',
        [...at, 'componentInputArtifact'],
        `there is no input artifact "${outer}" of the component around${whatThereIs('input artifacts', Object.keys(artifacts))}`,
      );
  } else if (output !== undefined)
    outputOf(scope, 'artifacts', { task: output.producerTask, key: output.outputArtifactKey }, [
      ...at,
      'taskOutputArtifact',
    ]);
  else
    scope.report('FER3002', at, 'the input does not say where its artifact comes from', {
      fix: 'give it a taskOutputArtifact or a componentInputArtifact',
    });
}

/** Reports inputs that a component must have, and that neither the task nor its iterator gives. */
function checkNeeds(task: TaskSpec, at: At, inputs: Ports['inputs'], { report }: Scope): void {
  const item = task.parameterIterator?.itemInput ?? task.artifactIterator?.itemInput;
  const lacks = (name: string): void =>
    report('FER3005', at, `the task lacks the input "${name}" of its component`, {
      fix: 'give it one, or a default',
    });
  for (const [name, { parameterType: type, isOptional, defaultValue }] of Object.entries(inputs.parameters)) {
    const filled = type === 'TASK_FINAL_STATUS' || type === 'TASK_CONFIG' || name === item;
    const optional = isOptional === true || defaultValue !== undefined;
    if (!filled && !optional && own(task.inputs?.parameters, name) === undefined) lacks(name);
  }
  for (const [name, { isOptional }] of Object.entries(inputs.artifacts))
    if (isOptional !== true && name !== item && own(task.inputs?.artifacts, name) === undefined) lacks(name);
}
