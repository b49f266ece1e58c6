/** Lowers a traced pipeline to KFP's PipelineSpec, named and shaped as KFP's own compiler does it. */
import {
  compareText,
  type CompiledPipeline,
  type ComponentSpec,
  type ContainerSpec,
  type ExecutorSpec,
  type KubernetesExecutorConfig,
  type PipelineSpec,
  type TaskSpec,
} from '../../spec/index.ts';
import type { RefObject } from '../trace/ref.ts';
import type { TracedPipeline, TracedTask } from '../trace/traced-task.ts';
import { inputDefinitions, outputDefinitions, pipelineInputs } from './definitions.ts';
import { lowerTask } from './lower-task.ts';

/** What a task runs; the lowering adds its environment and resources. */
export type ContainerOf = (task: TracedTask) => ContainerSpec;

/** Lowers a pipeline. `sdkVersion` is recorded in the spec. */
export function lowerPipeline(
  pipeline: TracedPipeline,
  containerOf: ContainerOf,
  sdkVersion: string,
): CompiledPipeline {
  const components: Record<string, ComponentSpec> = {};
  const executors: Record<string, ExecutorSpec> = {};
  const tasks: Record<string, TaskSpec> = {};
  const platform: Record<string, KubernetesExecutorConfig> = {};
  for (const task of pipeline.tasks) {
    const label = `exec-${task.name}`;
    components[`comp-${task.name}`] = {
      executorLabel: label,
      ...inputDefinitions(task.component.inputs),
      ...outputDefinitions(task.component.outputs),
    };
    executors[label] = { container: containerOf(task) };
    tasks[task.name] = lowerTask(task);
    const { timeout } = task.options;
    if (timeout !== undefined) platform[label] = { activeDeadlineSeconds: `${timeout}` };
  }
  const spec: PipelineSpec = {
    pipelineInfo: {
      name: pipeline.name,
      ...(pipeline.description !== undefined && { description: pipeline.description }),
    },
    deploymentSpec: pipeline.tasks.length === 0 ? {} : { executors },
    root: {
      dag: { tasks, ...dagOutputs(pipeline.outputs) },
      ...pipelineInputs(pipeline.parameters),
      ...pipelineOutputs(pipeline.outputs),
    },
    ...(pipeline.tasks.length > 0 && { components }),
    schemaVersion: '2.1.0',
    sdkVersion,
  };
  if (Object.keys(platform).length === 0) return { spec };
  return { spec, platform: { platforms: { kubernetes: { deploymentSpec: { executors: platform } } } } };
}

interface TaskOutput {
  readonly name: string;
  readonly task: string;
  readonly output: string;
  readonly ref: RefObject;
}

function taskOutputs(outputs: ReadonlyMap<string, RefObject>, artifacts: boolean): TaskOutput[] {
  return [...outputs]
    .flatMap(([name, ref]) =>
      ref.source.kind === 'output' && (ref.type?.kind === 'artifact') === artifacts
        ? [{ name, task: ref.source.task.name, output: ref.source.name, ref }]
        : [],
    )
    .sort((a, b) => compareText(a.name, b.name));
}

function dagOutputs(outputs: ReadonlyMap<string, RefObject>) {
  const parameters = taskOutputs(outputs, false).map(
    ({ name, task, output }) =>
      [name, { valueFromParameter: { producerSubtask: task, outputParameterKey: output } }] as const,
  );
  const artifacts = taskOutputs(outputs, true).map(
    ({ name, task, output }) =>
      [name, { artifactSelectors: [{ producerSubtask: task, outputArtifactKey: output }] }] as const,
  );
  if (parameters.length + artifacts.length === 0) return {};
  return {
    outputs: {
      ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
      ...(artifacts.length > 0 && { artifacts: Object.fromEntries(artifacts) }),
    },
  };
}

function pipelineOutputs(outputs: ReadonlyMap<string, RefObject>) {
  return outputDefinitions(
    [...outputs].flatMap(([name, { type }]) => (type === undefined ? [] : [{ name, type, optional: false }])),
  );
}
