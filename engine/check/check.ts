/** Looks a pipeline over before anything starts, and names all that this engine or runner cannot run. */
import { UserError, UserErrors, catalogue, type ErrorCode } from '../../errors/index.ts';
import {
  findCircle,
  isLeakedItem,
  isPathName,
  namesBefore,
  type CompiledPipeline,
  type ComponentSpec,
  type DagSpec,
  type PipelineSpec,
  type TaskSpec,
} from '../../spec/index.ts';
import type { Failure } from '../events.ts';
import { checkExpressions, checkIterators } from './check-control-flow.ts';
import { executorOf } from '../graph/graph.ts';
import { identityOf } from '../identity.ts';
import { kubernetesSettingsOf } from '../tasks/kubernetes-settings.ts';
import type { Runner } from '../ports.ts';
import { appliedSettings } from '../task-config.ts';

/**
 * Checks a compiled pipeline.
 * @throws UserErrors with everything that is wrong
 */
export function checkPipeline(compiled: CompiledPipeline, runner: Runner): void {
  const found = new Map<string, UserError>();
  const report = (error: UserError): void => void found.set(`${error.code} ${error.problem}`, error);
  const { spec } = compiled;
  if (spec.root.dag === undefined) report(broken('the root of the pipeline is no DAG'));
  else checkDag(compiled, spec.root, spec.root.dag, '', [], report, runner);
  if (found.size > 0) throw new UserErrors([...found.values()]);
}

type Report = (error: UserError) => void;

function checkDag(
  compiled: CompiledPipeline,
  component: ComponentSpec,
  dag: DagSpec,
  path: string,
  above: readonly DagSpec[],
  report: Report,
  runner: Runner,
): void {
  const { spec } = compiled;
  const tasks = dag.tasks ?? {};
  for (const [name, task] of Object.entries(tasks)) {
    const place = path === '' ? name : `${path}/${name}`;
    if (!isPathName(name)) report(unsafe('task', name));
    checkExpressions(place, task, (problem) => report(broken(problem)));
    checkIterators(place, task, (problem) => report(broken(problem)));
    checkInputs(spec, place, task, component, tasks, report);
    for (const before of namesBefore(task))
      if (tasks[before] === undefined)
        report(broken(`the task "${place}" waits for "${before}", which is none`));
    const callee = spec.components?.[task.componentRef.name];
    if (callee === undefined) {
      report(broken(`the task "${place}" names the component "${task.componentRef.name}", which is none`));
      continue;
    }
    checkNames(callee, report);
    if (callee.dag !== undefined) {
      if (above.includes(callee.dag)) report(broken(`the pipeline "${place}" contains itself`));
      else checkDag(compiled, callee, callee.dag, place, [...above, callee.dag], report, runner);
      continue;
    }
    const executor = executorOf(spec, callee);
    if (executor?.container !== undefined) {
      const settings = appliedSettings(callee, kubernetesSettingsOf(callee.executorLabel, compiled));
      const refusal = runner.refuse(executor.container, identityOf(executor.container), settings);
      if (refusal !== undefined) report(refused(place, refusal));
    } else if (executor?.importer === undefined)
      report(broken(`the task "${place}" has no executor "${callee.executorLabel ?? ''}"`));
  }
  const before = Object.entries(tasks).map(([name, task]) => [name, namesBefore(task)] as const);
  const circle = findCircle(new Map(before));
  if (circle !== undefined)
    report(broken(`tasks wait for each other: ${[...circle, circle[0]].join(' -> ')}`));
  checkOutputs(spec, path, dag, report);
}

function checkInputs(
  spec: PipelineSpec,
  place: string,
  { inputs = {}, parameterIterator }: TaskSpec,
  scope: ComponentSpec,
  tasks: Readonly<Record<string, TaskSpec>>,
  report: Report,
): void {
  const outputsOf = (task: string): ComponentSpec['outputDefinitions'] =>
    spec.components?.[tasks[task]?.componentRef.name ?? '']?.outputDefinitions;
  for (const [name, { taskOutputParameter: made, componentInputParameter: given }] of Object.entries(
    inputs.parameters ?? {},
  )) {
    if (
      made !== undefined &&
      !isLeakedItem(made.outputParameterKey) &&
      outputsOf(made.producerTask)?.parameters?.[made.outputParameterKey] === undefined
    )
      report(noOutput(place, name, made.producerTask, made.outputParameterKey));
    // KFP's compiler adds inputs to groups without declaring them: only the pipeline itself is strict.
    if (
      given !== undefined &&
      scope === spec.root &&
      // What its compiler means by these, each iteration knows: see resolve.ts.
      !name.startsWith(`${parameterIterator?.itemInput}-subvar-`) &&
      !isLeakedItem(given) &&
      scope.inputDefinitions?.parameters?.[given] === undefined
    )
      report(broken(`the input "${name}" of "${place}" takes the parameter "${given}", which is none`));
  }
  for (const [name, { taskOutputArtifact: made }] of Object.entries(inputs.artifacts ?? {}))
    if (made !== undefined && outputsOf(made.producerTask)?.artifacts?.[made.outputArtifactKey] === undefined)
      report(noOutput(place, name, made.producerTask, made.outputArtifactKey));
}

/** Looks whether what a DAG gives is given by tasks of it. */
function checkOutputs(
  spec: PipelineSpec,
  path: string,
  { tasks = {}, outputs }: DagSpec,
  report: Report,
): void {
  const where = path === '' ? 'the pipeline' : `"${path}"`;
  const check = (name: string, task: string, output: string, kind: 'parameters' | 'artifacts'): void => {
    const component = spec.components?.[tasks[task]?.componentRef.name ?? ''];
    if (component?.outputDefinitions?.[kind]?.[output] === undefined)
      report(
        broken(`the output "${name}" of ${where} takes the output "${output}" of "${task}", which has none`),
      );
  };
  for (const [name, { valueFromParameter: one, valueFromOneof }] of Object.entries(outputs?.parameters ?? {}))
    for (const selector of one === undefined ? (valueFromOneof?.parameterSelectors ?? []) : [one])
      check(name, selector.producerSubtask, selector.outputParameterKey, 'parameters');
  for (const [name, { artifactSelectors }] of Object.entries(outputs?.artifacts ?? {}))
    for (const selector of artifactSelectors)
      check(name, selector.producerSubtask, selector.outputArtifactKey, 'artifacts');
}

function checkNames(component: ComponentSpec, report: Report): void {
  for (const name of Object.keys(component.outputDefinitions?.artifacts ?? {}))
    if (!isPathName(name) || name === 'result.json' || name === 'log.txt') report(unsafe('output', name));
  for (const name of Object.keys(component.outputDefinitions?.parameters ?? {}))
    if (!isPathName(name)) report(unsafe('output', name));
}

/** Makes a user error of a runner's refusal. */
function refused(place: string, failure: Failure): UserError {
  return new UserError(isCode(failure.code) ? failure.code : 'FER4001', {
    problem: `the task "${place}" cannot run here: ${failure.problem}`,
    ...(failure.fix !== undefined && { fix: failure.fix }),
  });
}

function isCode(code: string): code is ErrorCode {
  return code in catalogue;
}

function broken(problem: string): UserError {
  return new UserError('FER4002', { problem, fix: 'compile the pipeline again' });
}

function noOutput(place: string, input: string, task: string, output: string): UserError {
  return broken(
    `the input "${input}" of "${place}" takes the output "${output}" of "${task}", which has none`,
  );
}

function unsafe(what: string, name: string): UserError {
  return new UserError('FER4006', {
    problem: `the ${what} name ${JSON.stringify(name)} cannot be a part of a path`,
    fix: 'names hold letters, digits, "_", "-" and "." and begin with a letter, a digit or "_"',
  });
}
