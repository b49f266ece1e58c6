/** Lowers one task: where its inputs come from, what it waits for, how it is retried and cached. */
import {
  compareText,
  type JsonValue,
  type TaskInputArtifact,
  type TaskInputParameter,
  type TaskInputs,
  type TaskSpec,
} from '../../spec/index.ts';
import { refsOfSettings } from '../options/task-settings.ts';
import type { RefObject } from '../trace/ref.ts';
import type { Constant, TracedTask } from '../trace/traced-task.ts';
import { settingInputs } from './container.ts';

/** Lowers a task that runs a component of the spec. */
export function lowerTask(task: TracedTask, component: string): TaskSpec {
  const { options } = task;
  const cached = options.cached && cachedByDefault(task);
  const inputs = new InputWriter();
  for (const [name, binding] of task.inputs)
    if (binding.kind === 'ref') inputs.addRef(name, binding.ref);
    else inputs.addConstant(name, binding.value);
  for (const [name, ref] of settingInputs(options)) inputs.addConstant(name, { template: [ref] });
  for (const { source } of refsOfSettings(options))
    if (source.kind === 'output') inputs.producers.add(source.task.name);
  const dependentTasks = [...new Set([...inputs.producers, ...task.after.map(({ name }) => name)])].sort(
    compareText,
  );
  const { retry } = options;
  return {
    taskInfo: { name: options.displayName ?? task.name },
    componentRef: { name: component },
    ...inputs.written(),
    ...(dependentTasks.length > 0 && { dependentTasks }),
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

/** Writes the placeholder of the task input that holds a Ref's value. */
export function placeholderOf({ source }: RefObject): string {
  if (source.kind !== 'parameter' && source.kind !== 'output') return '';
  const channel = source.kind === 'parameter' ? source.name : `${source.task.name}-${source.name}`;
  return `{{$.inputs.parameters['pipelinechannel--${channel}']}}`;
}

/** Says where a Ref's value comes from. */
export function sourceOf({ source }: RefObject): TaskInputParameter {
  if (source.kind === 'parameter') return { componentInputParameter: source.name };
  if (source.kind !== 'output') return {};
  return { taskOutputParameter: { producerTask: source.task.name, outputParameterKey: source.name } };
}

class InputWriter {
  readonly #parameters: Record<string, TaskInputParameter> = {};
  readonly #artifacts: Record<string, TaskInputArtifact> = {};
  /** Tasks whose outputs are used. */
  readonly producers = new Set<string>();

  addRef(name: string, ref: RefObject): void {
    const { source } = ref;
    if (source.kind === 'broken') return;
    if (source.kind === 'output') this.producers.add(source.task.name);
    if (ref.type?.kind === 'artifact')
      this.#artifacts[name] =
        source.kind === 'parameter'
          ? { componentInputArtifact: source.name }
          : { taskOutputArtifact: { producerTask: source.task.name, outputArtifactKey: source.name } };
    else
      this.#parameters[name] =
        source.kind === 'parameter'
          ? { componentInputParameter: source.name }
          : { taskOutputParameter: { producerTask: source.task.name, outputParameterKey: source.name } };
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
    const { source } = ref;
    if (source.kind === 'broken') return '';
    const channel = source.kind === 'parameter' ? source.name : `${source.task.name}-${source.name}`;
    const input = `pipelinechannel--${channel}`;
    this.addRef(input, ref);
    return `{{$.inputs.parameters['${input}']}}`;
  }
}
