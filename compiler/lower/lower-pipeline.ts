/** Lowers a traced pipeline to KFP's PipelineSpec, named and shaped as KFP's own compiler does it. */
import {
  compareText,
  type CompiledPipeline,
  type ComponentSpec,
  type DagSpec,
  type ExecutorSpec,
  type KubernetesExecutorConfig,
  type PipelineSpec,
  type TaskSpec,
} from '../../spec/index.ts';
import type { RefObject } from '../trace/ref.ts';
import type { TracedPipeline, TracedTask } from '../trace/traced-task.ts';
import { outputDefinitions, pipelineInputs } from './definitions.ts';
import { lowerExecutor, type ContainerOf, type LoweredExecutor } from './executor.ts';
import { lowerTask, placeholderOf, sourceOf } from './lower-task.ts';
import { mergeLoaded } from './merge-loaded.ts';

/** Lowers a pipeline. `sdkVersion` is recorded in the spec. */
export function lowerPipeline(
  pipeline: TracedPipeline,
  containerOf: ContainerOf,
  sdkVersion: string,
): CompiledPipeline {
  const writer = new SpecWriter(containerOf);
  const dag = writer.dag(pipeline);
  const { components, executors, platform } = writer;
  const spec: PipelineSpec = {
    pipelineInfo: {
      name: pipeline.name,
      ...(pipeline.description !== undefined && { description: pipeline.description }),
    },
    deploymentSpec: { executors },
    root: { dag, ...pipelineInputs(pipeline.parameters), ...pipelineOutputs(pipeline.outputs) },
    components,
    schemaVersion: '2.1.0',
    sdkVersion,
  };
  if (Object.keys(platform).length === 0) return { spec };
  return { spec, platform: { platforms: { kubernetes: { deploymentSpec: { executors: platform } } } } };
}

/** Gathers components and executors: one of each a task, as KFP does, also for pipelines in pipelines. */
class SpecWriter {
  readonly components: Record<string, ComponentSpec> = {};
  readonly executors: Record<string, ExecutorSpec> = {};
  readonly platform: Record<string, KubernetesExecutorConfig> = {};
  readonly #containerOf: ContainerOf;
  readonly #taken = new Map<string, number>();

  constructor(containerOf: ContainerOf) {
    this.#containerOf = containerOf;
  }

  dag(pipeline: TracedPipeline): DagSpec {
    const tasks: Record<string, TaskSpec> = {};
    for (const task of pipeline.tasks) {
      const name = this.#unique(`comp-${task.name}`);
      tasks[task.name] = lowerTask(task, name);
      this.components[name] = this.#componentOf(task);
    }
    return { tasks, ...dagOutputs(pipeline.outputs) };
  }

  #componentOf(task: TracedTask): ComponentSpec {
    const { work } = task;
    if (work.kind === 'pipeline') return this.#nested(work.pipeline);
    const place = { containerOf: this.#containerOf, placeholder: placeholderOf, source: sourceOf };
    const lowered = lowerExecutor(task, place);
    if (lowered !== undefined) return this.#executor(task, lowered);
    return work.kind === 'loaded' ? this.#merged(work.loaded.document) : {};
  }

  #executor(task: TracedTask, { executor, kubernetes, component }: LoweredExecutor): ComponentSpec {
    const label = this.#unique(`exec-${task.name}`);
    this.executors[label] = executor;
    if (kubernetes !== undefined) this.platform[label] = kubernetes;
    return { executorLabel: label, ...component };
  }

  /** Takes in a pipeline that was compiled before. */
  #merged(document: CompiledPipeline): ComponentSpec {
    const { root, components, executors, platform } = mergeLoaded(document, (name) => this.#unique(name));
    Object.assign(this.components, components);
    Object.assign(this.executors, executors);
    Object.assign(this.platform, platform);
    return root;
  }

  #nested(pipeline: TracedPipeline): ComponentSpec {
    return {
      dag: this.dag(pipeline),
      ...pipelineInputs(pipeline.parameters),
      ...pipelineOutputs(pipeline.outputs),
    };
  }

  #unique(name: string): string {
    const count = (this.#taken.get(name) ?? 0) + 1;
    this.#taken.set(name, count);
    if (count === 1) return name;
    const numbered = `${name}-${count}`;
    return this.#taken.has(numbered) ? this.#unique(name) : this.#unique(numbered);
  }
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
