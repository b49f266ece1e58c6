import type { JsonValue } from '../../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs } from '../events.ts';
import type { Scope, TaskNode } from './graph.ts';

export type DagOutputsFound =
  | { readonly kind: 'found'; readonly outputs: Outputs }
  | { readonly kind: 'missing'; readonly outputs: Outputs; readonly failure: Failure };

/**
 * Collects what a DAG gives, from the outputs of its tasks. Of one of several values, that of the task that ran. What
 * would come from a task that did not run because of a condition is not given, and not missing.
 */
export function dagOutputs(scope: Scope): DagOutputsFound {
  const parameters: Record<string, JsonValue> = {};
  const artifacts: Record<string, readonly ArtifactRecord[]> = {};
  let missing: string | undefined;
  const note = (name: string, producers: readonly (TaskNode | undefined)[]): void => {
    if (!producers.every((node) => node !== undefined && isExcused(node))) missing ??= name;
  };
  for (const [name, source] of Object.entries(scope.dag.outputs?.parameters ?? {})) {
    const one = source.valueFromParameter;
    const selectors = one === undefined ? (source.valueFromOneof?.parameterSelectors ?? []) : [one];
    const producers = selectors.map(({ producerSubtask }) => scope.nodes.get(producerSubtask));
    const values = selectors.map(
      ({ outputParameterKey }, index) => producers[index]?.outputs?.parameters[outputParameterKey],
    );
    const value = values.find((found) => found !== undefined);
    if (value === undefined) note(name, producers);
    else parameters[name] = value;
  }
  for (const [name, { artifactSelectors: selectors }] of Object.entries(scope.dag.outputs?.artifacts ?? {})) {
    const producers = selectors.map(({ producerSubtask }) => scope.nodes.get(producerSubtask));
    const lists = selectors.flatMap(({ outputArtifactKey }, index) => {
      const list = producers[index]?.outputs?.artifacts[outputArtifactKey];
      return list === undefined ? [] : [list];
    });
    const isList = scope.owner?.component.outputDefinitions?.artifacts?.[name]?.isArtifactList === true;
    const [first] = lists;
    if (first === undefined) note(name, producers);
    else artifacts[name] = isList ? lists.flat() : first;
  }
  const outputs = { parameters, artifacts };
  if (missing === undefined) return { kind: 'found', outputs };
  const where = scope.path === '' ? 'the pipeline' : `the pipeline "${scope.path}"`;
  return {
    kind: 'missing',
    outputs,
    failure: {
      code: 'FER4007',
      kind: 'user',
      problem: `${where} got no value for its output "${missing}"`,
      fix: 'the task that should give it did not: return the output there',
      retryable: false,
    },
  };
}

/** A DAG that succeeded gives all that it can. */
function isExcused({ status, unwanted, kind }: TaskNode): boolean {
  return unwanted || (status === 'succeeded' && kind === 'dag');
}
