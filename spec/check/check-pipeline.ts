/** Checks what the messages alone do not show: that names lead somewhere, values suit their types, and expressions read. */
import type { ComponentSpec, ExecutorSpec, PipelineSpec } from '../pipeline-spec.ts';
import type { PlatformSpec } from '../platform-spec.ts';
import { validate, type Fault } from '../validate.ts';
import { checkDag } from './check-dag.ts';
import { findCircle } from '../circles.ts';
import { constantProblem } from './constants.ts';
import { own, type Report } from './scope.ts';

/** Lists what is wrong with a PipelineSpec whose structure is sound. */
export function checkPipeline(spec: PipelineSpec): Fault[] {
  const faults: Fault[] = [];
  const components = spec.components ?? {};
  const report: Report = (code, path, problem, more) => {
    faults.push({ code, path, problem, ...more });
  };
  const visit = (component: ComponentSpec, path: readonly string[]): void => {
    checkDefinitions(component, path, report);
    if (component.dag !== undefined)
      checkDag([...path, 'dag'], { owner: component, dag: component.dag, components, report });
    else checkExecutor(component, path, spec, report);
  };
  visit(spec.root, ['root']);
  if (spec.root.dag === undefined)
    report('FER3002', ['root'], 'the root has no dag', { fix: 'put the tasks of the pipeline there' });
  for (const [name, component] of Object.entries(components)) visit(component, ['components', name]);
  const circle = findCircle(
    new Map(
      Object.entries(components).map(([name, { dag }]) => [
        name,
        Object.values(dag?.tasks ?? {}).map(({ componentRef }) => componentRef.name),
      ]),
    ),
  );
  if (circle !== undefined)
    report(
      'FER3005',
      ['components', circle[0] ?? ''],
      `components contain each other in a circle: ${[...circle, circle[0]].join(' -> ')}`,
      { isKey: true },
    );
  return faults;
}

function checkDefinitions(component: ComponentSpec, path: readonly string[], report: Report): void {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = component;
  const typed = (at: readonly string[], type: unknown, what: string): void => {
    if (type === undefined) report('FER3002', at, `${at.join('.')} lacks the field "${what}"`);
  };
  for (const [name, input] of Object.entries(inputs?.parameters ?? {})) {
    const at = [...path, 'inputDefinitions', 'parameters', name];
    typed(at, input.parameterType, 'parameterType');
    const { defaultValue } = input;
    const problem =
      defaultValue === undefined ? undefined : constantProblem(defaultValue, input.parameterType);
    if (problem !== undefined)
      report('FER3003', [...at, 'defaultValue'], `the default of the input "${name}" ${problem}`);
  }
  for (const [name, { parameterType }] of Object.entries(outputs?.parameters ?? {}))
    typed([...path, 'outputDefinitions', 'parameters', name], parameterType, 'parameterType');
  for (const [name, { artifactType }] of Object.entries(inputs?.artifacts ?? {}))
    typed([...path, 'inputDefinitions', 'artifacts', name], artifactType, 'artifactType');
  for (const [name, { artifactType }] of Object.entries(outputs?.artifacts ?? {}))
    typed([...path, 'outputDefinitions', 'artifacts', name], artifactType, 'artifactType');
}

function checkExecutor(
  component: ComponentSpec,
  path: readonly string[],
  { deploymentSpec }: PipelineSpec,
  report: Report,
): void {
  const label = component.executorLabel;
  if (label === undefined) {
    if (path[0] !== 'root') report('FER3002', path, 'the component has neither a dag nor an executorLabel');
    return;
  }
  const executor = own<ExecutorSpec>(deploymentSpec.executors, label);
  if (executor === undefined) {
    report('FER3005', [...path, 'executorLabel'], `there is no executor "${label}"`);
    return;
  }
  const uri = executor.importer?.artifactUri.runtimeParameter;
  if (uri !== undefined && own(component.inputDefinitions?.parameters, uri) === undefined)
    report(
      'FER3005',
      ['deploymentSpec', 'executors', label, 'importer', 'artifactUri', 'runtimeParameter'],
      `there is no input parameter "${uri}" of the component of this importer`,
    );
}

/** Lists what is wrong with a platform spec whose structure is sound, beside the pipeline that it is for. */
export function checkPlatform(platform: PlatformSpec, spec: PipelineSpec): Fault[] {
  const path = ['platforms', 'kubernetes', 'deploymentSpec', 'executors'];
  const executors = platform.platforms.kubernetes?.deploymentSpec?.executors ?? {};
  return Object.entries(executors).flatMap(([label, config]): Fault[] => {
    const at = [...path, label];
    const dangling: Fault[] =
      own(spec.deploymentSpec.executors, label) === undefined
        ? [
            {
              code: 'FER3005',
              path: at,
              isKey: true,
              problem: `there is no executor "${label}" in the pipeline`,
            },
          ]
        : [];
    return [...dangling, ...validate(config, 'KubernetesExecutorConfig', at)];
  });
}
