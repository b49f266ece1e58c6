import type { JsonValue } from '../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs } from './events.ts';
import type { Scope } from './graph.ts';

export type DagOutputsFound =
  | { readonly kind: 'found'; readonly outputs: Outputs }
  | { readonly kind: 'missing'; readonly outputs: Outputs; readonly failure: Failure };

/** Collects what a DAG gives, from the outputs of its tasks. */
export function dagOutputs(scope: Scope): DagOutputsFound {
  const parameters: Record<string, JsonValue> = {};
  const artifacts: Record<string, readonly ArtifactRecord[]> = {};
  let missing: string | undefined;
  for (const [name, { valueFromParameter: source }] of Object.entries(scope.dag.outputs?.parameters ?? {})) {
    const node = scope.nodes.get(source?.producerSubtask ?? '');
    const value = node?.outputs?.parameters[source?.outputParameterKey ?? ''];
    if (value === undefined) missing ??= name;
    else parameters[name] = value;
  }
  for (const [name, { artifactSelectors }] of Object.entries(scope.dag.outputs?.artifacts ?? {})) {
    const found = artifactSelectors.flatMap(({ producerSubtask, outputArtifactKey }) => {
      return scope.nodes.get(producerSubtask)?.outputs?.artifacts[outputArtifactKey] ?? [];
    });
    if (found.length === 0) missing ??= name;
    else artifacts[name] = found;
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
