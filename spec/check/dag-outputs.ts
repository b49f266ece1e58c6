/** Checks where the outputs of a DAG come from. */
import { mayFlow } from './constants.ts';
import { outputOf, own, type Scope } from './scope.ts';

/** Checks that each output of a DAG has a task that gives it, and that each declared one is given. */
export function hasOutputs(at: readonly (string | number)[], scope: Scope): void {
  const { parameters = {}, artifacts = {} } = scope.dag.outputs ?? {};
  const declared = scope.owner.outputDefinitions;
  for (const [name, { valueFromParameter: one, valueFromOneof: several }] of Object.entries(parameters)) {
    const place = [...at, 'outputs', 'parameters', name];
    const selectors = one === undefined ? (several?.parameterSelectors ?? []) : [one];
    if (selectors.length === 0)
      scope.report('FER3002', place, `the output "${name}" does not say which task gives it`);
    for (const { producerSubtask: task, outputParameterKey: key } of selectors) {
      const type = outputOf(scope, 'parameters', { task, key }, place)?.parameterType;
      const wanted = own(declared?.parameters, name)?.parameterType;
      // An iterated component gives each of its outputs as a list, and declares it as one.
      if (wanted !== 'LIST' && !mayFlow(type, wanted))
        scope.report('FER3003', place, `the output "${name}" is declared as a ${wanted}, and is a ${type}`);
    }
  }
  for (const [name, { artifactSelectors }] of Object.entries(artifacts)) {
    const place = [...at, 'outputs', 'artifacts', name];
    for (const { producerSubtask: task, outputArtifactKey: key } of artifactSelectors)
      outputOf(scope, 'artifacts', { task, key }, place);
  }
  const given = { parameters, artifacts };
  for (const kind of ['parameters', 'artifacts'] as const)
    for (const name of Object.keys(declared?.[kind] ?? {}))
      if (own<unknown>(given[kind], name) === undefined)
        scope.report('FER3005', at, `the output "${name}" is declared, and no task gives it`);
}
