/** Lowers one task: where its inputs come from, what it waits for, how it is retried and cached. */
import type {
  JsonValue,
  TaskInputArtifact,
  TaskInputParameter,
  TaskInputs,
  TaskSpec,
} from '../../spec/index.ts';
import type { RefObject } from '../trace/ref.ts';
import type { TracedGroup } from '../trace/flow/traced-group.ts';
import type { Constant, TracedTask } from '../trace/traced-task.ts';
import type { Channels } from './channels.ts';
import { settingInputs } from './container.ts';
import { dependentTasks } from './dependent-tasks.ts';
import type { PipelineGroups } from './pipeline-groups.ts';

/** Lowers a task that runs a component of the spec. */
export function lowerTask(task: TracedTask, component: string, groups: PipelineGroups): TaskSpec {
  const { options } = task;
  const cached = options.cached && cachedByDefault(task);
  const inputs = new InputWriter(task.group, groups.channels);
  for (const [name, binding] of task.inputs)
    if (binding.kind === 'ref') inputs.addRef(name, binding.ref);
    else inputs.addConstant(name, binding.value);
  for (const [name, template] of settingInputs(options)) inputs.addConstant(name, { template });
  const waits = dependentTasks(task, groups);
  const exit = groups.exits.some(({ exitTask }) => exitTask === task);
  const [watched] = waits.dependentTasks ?? [];
  for (const { name, type } of task.component.inputs)
    if (type.kind === 'finalStatus' && watched !== undefined) inputs.addFinalStatus(name, watched);
  const { retry } = options;
  return {
    taskInfo: { name: options.displayName ?? task.name },
    componentRef: { name: component },
    ...inputs.written(),
    ...waits,
    ...((exit || options.ignoreUpstreamFailure) && {
      triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' },
    }),
    cachingOptions: {
      ...(cached && { enableCache: true }),
      ...(options.cacheKey !== undefined && { cacheKey: options.cacheKey }),
    },
    ...(retry && {
      retryPolicy: {
        maxRetryCount: retry.retries,
        backoffDuration: `${retry.backoff}s`,
        backoffFactor: retry.factor,
        backoffMaxDuration: `${retry.maxBackoff}s`,
      },
    }),
  };
}

function cachedByDefault({ work }: TracedTask): boolean {
  return work.kind === 'component' || work.kind === 'container' ? work.settings.cached : true;
}

/** Writes the placeholder of an input of a task. */
export function placeholderOf(input: string): string {
  return `{{$.inputs.parameters['${input}']}}`;
}

class InputWriter {
  readonly #parameters: Record<string, TaskInputParameter> = {};
  readonly #artifacts: Record<string, TaskInputArtifact> = {};
  readonly #group: TracedGroup;
  readonly #channels: Channels;

  constructor(group: TracedGroup, channels: Channels) {
    this.#group = group;
    this.#channels = channels;
  }

  addRef(name: string, ref: RefObject): void {
    if (ref.source.kind === 'broken') return;
    if (ref.type?.kind === 'artifact')
      this.#artifacts[name] = this.#channels.artifactSource(ref, this.#group);
    else this.#parameters[name] = this.#channels.parameterSource(ref, this.#group);
  }

  addFinalStatus(name: string, producerTask: string): void {
    this.#parameters[name] = { taskFinalStatus: { producerTask } };
  }

  addConstant(name: string, value: Constant): void {
    this.#parameters[name] = { runtimeValue: { constant: this.#written(value) } };
  }

  written(): { inputs?: TaskInputs } {
    const parameters = Object.keys(this.#parameters).length > 0;
    const artifacts = Object.keys(this.#artifacts).length > 0;
    if (!parameters && !artifacts) return {};
    return {
      inputs: {
        ...(parameters && { parameters: this.#parameters }),
        ...(artifacts && { artifacts: this.#artifacts }),
      },
    };
  }

  /** Writes a constant; a Ref in it becomes a placeholder for an input of the task that is added beside it. */
  #written(value: Constant): JsonValue {
    if (typeof value !== 'object' || value === null) return value;
    if ('list' in value) return value.list.map((item) => this.#written(item));
    if ('struct' in value)
      return Object.fromEntries(
        Object.entries(value.struct).map(([key, field]) => [key, this.#written(field)]),
      );
    return value.template.map((part) => (typeof part === 'string' ? part : this.#placeholder(part))).join('');
  }

  #placeholder(ref: RefObject): string {
    if (ref.source.kind === 'broken') return '';
    const input = this.#channels.channelName(ref, this.#group);
    this.addRef(input, ref);
    return placeholderOf(input);
  }
}
