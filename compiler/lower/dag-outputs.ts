/** Writes which outputs of its tasks a DAG gives. */
import { compareText, type DagSpec } from '../../spec/index.ts';
import type { GroupOutput, Selector } from './channels.ts';

/** Writes outputs by name. One with several selectors is that of the one task among them that ran. */
export function dagOutputs(outputs: ReadonlyMap<string, GroupOutput>): Pick<DagSpec, 'outputs'> {
  const sorted = [...outputs].sort(([a], [b]) => compareText(a, b));
  const parameters = sorted.flatMap(([name, { type, selectors }]) =>
    type.kind === 'artifact' ? [] : [[name, parameterOutput(selectors)] as const],
  );
  const artifacts = sorted.flatMap(([name, { type, selectors }]) =>
    type.kind === 'artifact'
      ? [
          [
            name,
            {
              artifactSelectors: selectors.map(({ subtask, key }) => ({
                producerSubtask: subtask,
                outputArtifactKey: key,
              })),
            },
          ] as const,
        ]
      : [],
  );
  if (parameters.length + artifacts.length === 0) return {};
  return {
    outputs: {
      ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
      ...(artifacts.length > 0 && { artifacts: Object.fromEntries(artifacts) }),
    },
  };
}

function parameterOutput(selectors: readonly Selector[]) {
  const written = selectors.map(({ subtask, key }) => ({
    producerSubtask: subtask,
    outputParameterKey: key,
  }));
  const [only] = written;
  return only !== undefined && written.length === 1
    ? { valueFromParameter: only }
    : { valueFromOneof: { parameterSelectors: written } };
}
