/** A pipeline of one component, as KFP's compiler wraps it: what it is given is handed on, what it gives is given. */
import type { CompiledPipeline, ComponentSpec, ExecutorSpec, TaskSpec } from '../../spec/index.ts';

/** Wraps a component. @param name of the pipeline, the task and the component, lower-case letters, digits and `-` */
export function wrapComponent(
  name: string,
  definitions: Pick<ComponentSpec, 'inputDefinitions' | 'outputDefinitions'>,
  executor: ExecutorSpec,
  sdkVersion: string,
): CompiledPipeline {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = definitions;
  const task: TaskSpec = {
    taskInfo: { name },
    componentRef: { name: `comp-${name}` },
    cachingOptions: { enableCache: true },
    ...(inputs && {
      inputs: {
        ...(inputs.parameters && {
          parameters: each(inputs.parameters, (key) => ({ componentInputParameter: key })),
        }),
        ...(inputs.artifacts && {
          artifacts: each(inputs.artifacts, (key) => ({ componentInputArtifact: key })),
        }),
      },
    }),
  };
  const dagOutputs = outputs && {
    ...(outputs.parameters && {
      parameters: each(outputs.parameters, (key) => ({
        valueFromParameter: { producerSubtask: name, outputParameterKey: key },
      })),
    }),
    ...(outputs.artifacts && {
      artifacts: each(outputs.artifacts, (key) => ({
        artifactSelectors: [{ producerSubtask: name, outputArtifactKey: key }],
      })),
    }),
  };
  return {
    spec: {
      pipelineInfo: { name },
      sdkVersion,
      schemaVersion: '2.1.0',
      deploymentSpec: { executors: { [`exec-${name}`]: executor } },
      components: { [`comp-${name}`]: { ...definitions, executorLabel: `exec-${name}` } },
      root: {
        ...definitions,
        dag: { tasks: { [name]: task }, ...(dagOutputs && { outputs: dagOutputs }) },
      },
    },
  };
}

function each<T>(record: object, make: (key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(record).map((key) => [key, make(key)]));
}
