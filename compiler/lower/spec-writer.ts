/** Gathers components and executors: one of each a task, as KFP does, also for pipelines in pipelines. */
import type {
  CompiledPipeline,
  ComponentSpec,
  ExecutorSpec,
  KubernetesExecutorConfig,
  TaskSpec,
} from '../../spec/index.ts';
import type { TracedGroup } from '../trace/flow/traced-group.ts';
import type { TracedPipeline, TracedTask } from '../trace/traced-task.ts';
import type { GroupOutput } from './channels.ts';
import { dagOutputs } from './dag-outputs.ts';
import { outputDefinitions, pipelineInputs } from './definitions.ts';
import { lowerExecutor, type ContainerOf, type LoweredExecutor } from './executor.ts';
import { groupComponent, lowerGroup } from './lower-group.ts';
import { lowerTask, placeholderOf } from './lower-task.ts';
import { mergeLoaded } from './merge-loaded.ts';
import { pipelineGroups, type PipelineGroups } from './pipeline-groups.ts';

export class SpecWriter {
  readonly components: Record<string, ComponentSpec> = {};
  readonly executors: Record<string, ExecutorSpec> = {};
  readonly platform: Record<string, KubernetesExecutorConfig> = {};
  readonly #containerOf: ContainerOf;
  readonly #taken = new Map<string, number>();

  constructor(containerOf: ContainerOf) {
    this.#containerOf = containerOf;
  }

  /** Lowers a pipeline to a component, and all that it runs beside it. */
  pipeline(pipeline: TracedPipeline): ComponentSpec {
    const groups = pipelineGroups(pipeline);
    const outputs = outputsOf(pipeline, groups);
    const tasks = this.#tasksIn(pipeline.body, groups);
    // Exit tasks come last, as KFP numbers components.
    for (const { exitTask } of groups.exits) tasks[exitTask.name] = this.#task(exitTask, groups);
    return {
      dag: { tasks, ...dagOutputs(outputs) },
      ...pipelineInputs(pipeline.parameters),
      ...outputDefinitions([...outputs].map(([name, { type }]) => ({ name, type, optional: false }))),
    };
  }

  /** Lowers a group's groups, then its tasks, then what is in its groups: the order in which KFP numbers components. */
  #tasksIn(group: TracedGroup, groups: PipelineGroups): Record<string, TaskSpec> {
    const tasks: Record<string, TaskSpec> = {};
    const inner = group.children.filter((child) => child.kind !== 'task');
    const named = inner.map((child) => {
      const name = groups.names.of(child);
      const component = this.#unique(`comp-${name}`);
      tasks[name] = lowerGroup(child, component, groups);
      return { child, component };
    });
    for (const child of group.children)
      if (child.kind === 'task') tasks[child.name] = this.#task(child, groups);
    for (const { child, component } of named)
      this.components[component] = groupComponent(child, this.#tasksIn(child, groups), groups);
    return tasks;
  }

  #task(task: TracedTask, groups: PipelineGroups): TaskSpec {
    // What a task brings is named before its own component.
    const component = this.#componentOf(task, groups);
    const name = this.#unique(`comp-${task.name}`);
    this.components[name] = component;
    return lowerTask(task, name, groups);
  }

  #componentOf(task: TracedTask, { channels }: PipelineGroups): ComponentSpec {
    const { work } = task;
    if (work.kind === 'pipeline') return this.pipeline(work.pipeline);
    const lowered = lowerExecutor(task, {
      containerOf: this.#containerOf,
      placeholder: (ref) => placeholderOf(channels.channelName(ref, task.group)),
      source: (ref) => channels.parameterSource(ref, task.group),
    });
    if (lowered !== undefined) return this.#executor(task, lowered);
    return work.kind === 'loaded' ? this.#merged(work.loaded.document) : {};
  }

  #executor(task: TracedTask, { executor, kubernetes, component }: LoweredExecutor): ComponentSpec {
    const label = this.#unique(`exec-${task.name}`);
    this.executors[label] = executor;
    if (kubernetes !== undefined) this.platform[label] = kubernetes;
    return { ...component, executorLabel: label };
  }

  /** Takes in a pipeline that was compiled before. */
  #merged(document: CompiledPipeline): ComponentSpec {
    const { root, components, executors, platform } = mergeLoaded(document, (name) => this.#unique(name));
    Object.assign(this.components, components);
    Object.assign(this.executors, executors);
    Object.assign(this.platform, platform);
    return root;
  }

  #unique(name: string): string {
    const count = (this.#taken.get(name) ?? 0) + 1;
    this.#taken.set(name, count);
    if (count === 1) return name;
    const numbered = `${name}-${count}`;
    return this.#taken.has(numbered) ? this.#unique(name) : this.#unique(numbered);
  }
}

function outputsOf(
  { outputs, body }: TracedPipeline,
  { channels }: PipelineGroups,
): ReadonlyMap<string, GroupOutput> {
  return new Map(
    [...outputs].flatMap(([name, ref]) =>
      ref.type === undefined ? [] : [[name, { type: ref.type, selectors: [channels.producer(ref, body)] }]],
    ),
  );
}
