/** Compiled pipelines for tests, written as short as they can be. */
import {
  digestOf,
  writeIdentityArgs,
  type CompiledPipeline,
  type ComponentIdentity,
  type ComponentSpec,
  type Digest,
  type EnvVar,
  type ExecutorSpec,
  type InputArtifactDefinition,
  type InputParameterDefinition,
  type JsonValue,
  type KubernetesExecutorConfig,
  type ParameterType,
  type RetryPolicy,
  type TaskInputArtifact,
  type TaskInputParameter,
  type TaskSpec,
} from '../../spec/index.ts';

/** Where an input comes from: `task.output`, `$parameter` of the pipeline, or a constant. */
export type Source = string | { readonly constant: JsonValue };

export interface TaskDraft {
  /** What runs: the name of the function, whose digest follows from it unless `code` is given. */
  readonly runs?: string;
  readonly code?: Digest;
  readonly identity?: Partial<ComponentIdentity>;
  readonly env?: readonly EnvVar[];
  readonly parameters?: Readonly<Record<string, Source>>;
  readonly parameterTypes?: Readonly<Record<string, InputParameterDefinition>>;
  readonly artifacts?: Readonly<Record<string, string>>;
  readonly returns?: Readonly<Record<string, ParameterType>>;
  readonly writes?: Readonly<Record<string, string>>;
  readonly after?: readonly string[];
  readonly cache?: boolean;
  readonly cacheKey?: string;
  readonly retry?: RetryPolicy;
  readonly timeout?: number;
  readonly always?: boolean;
  /** Fields of the task as they are in a spec: iterators, conditions. */
  readonly more?: Partial<TaskSpec>;
  /** A nested pipeline in place of a component. */
  readonly dag?: PipelineDraft;
  /** A container that is none of ours. */
  readonly container?: ExecutorSpec['container'];
  readonly importer?: ExecutorSpec['importer'];
}

export interface PipelineDraft {
  readonly tasks: Readonly<Record<string, TaskDraft>>;
  readonly parameters?: Readonly<Record<string, ParameterType>>;
  /** Output artifacts and parameters of the pipeline: `task.output`. */
  readonly returns?: Readonly<Record<string, string>>;
  readonly writes?: Readonly<Record<string, string>>;
}

interface Collected {
  readonly components: Record<string, ComponentSpec>;
  readonly executors: Record<string, ExecutorSpec>;
  readonly platform: Record<string, KubernetesExecutorConfig>;
}

/** Compiles a draft. */
export function pipelineOf(draft: PipelineDraft, name = 'test'): CompiledPipeline {
  const collected: Collected = { components: {}, executors: {}, platform: {} };
  const root = dagOf(draft, '', collected);
  return {
    spec: {
      pipelineInfo: { name },
      schemaVersion: '2.1.0',
      root,
      components: collected.components,
      deploymentSpec: { executors: collected.executors },
    },
    ...(Object.keys(collected.platform).length > 0 && {
      platform: { platforms: { kubernetes: { deploymentSpec: { executors: collected.platform } } } },
    }),
  };
}

function dagOf(draft: PipelineDraft, prefix: string, collected: Collected): ComponentSpec {
  const tasks: Record<string, TaskSpec> = {};
  for (const [name, task] of Object.entries(draft.tasks)) tasks[name] = taskOf(name, task, prefix, collected);
  const selectors = Object.entries(draft.returns ?? {});
  const written = Object.entries(draft.writes ?? {});
  return {
    inputDefinitions: {
      parameters: mapValues(draft.parameters ?? {}, (parameterType) => ({ parameterType })),
    },
    outputDefinitions: {
      parameters: mapValues(draft.returns ?? {}, () => ({ parameterType: 'STRING' })),
      artifacts: mapValues(draft.writes ?? {}, () => artifact('system.Artifact')),
    },
    dag: {
      tasks,
      outputs: {
        parameters: Object.fromEntries(
          selectors.map(([name, source]) => {
            const [producerSubtask = '', outputParameterKey = ''] = source.split('.');
            return [name, { valueFromParameter: { producerSubtask, outputParameterKey } }];
          }),
        ),
        artifacts: Object.fromEntries(
          written.map(([name, source]) => {
            const [producerSubtask = '', outputArtifactKey = ''] = source.split('.');
            return [name, { artifactSelectors: [{ producerSubtask, outputArtifactKey }] }];
          }),
        ),
      },
    },
  };
}

function taskOf(name: string, draft: TaskDraft, prefix: string, collected: Collected): TaskSpec {
  const key = `${prefix}${name}`;
  const label = `exec-${key}`;
  if (draft.dag === undefined) {
    collected.components[`comp-${key}`] = { executorLabel: label, ...interfaceOf(draft) };
    collected.executors[label] = executorOf(name, draft);
    if (draft.timeout !== undefined)
      collected.platform[label] = { activeDeadlineSeconds: `${draft.timeout}` };
  } else collected.components[`comp-${key}`] = dagOf(draft.dag, `${key}-`, collected);
  return {
    taskInfo: { name },
    componentRef: { name: `comp-${key}` },
    inputs: {
      parameters: mapValues(draft.parameters ?? {}, parameterSource),
      artifacts: mapValues(draft.artifacts ?? {}, artifactSource),
    },
    ...(draft.after && { dependentTasks: draft.after }),
    cachingOptions:
      draft.cache === false
        ? {}
        : { enableCache: true, ...(draft.cacheKey !== undefined && { cacheKey: draft.cacheKey }) },
    ...(draft.retry && { retryPolicy: draft.retry }),
    ...(draft.always === true && { triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' } }),
    ...draft.more,
  };
}

function interfaceOf(draft: TaskDraft): Pick<ComponentSpec, 'inputDefinitions' | 'outputDefinitions'> {
  const inputs: Record<string, InputParameterDefinition> = mapValues(draft.parameters ?? {}, () => ({
    parameterType: 'STRING',
  }));
  const artifacts: Record<string, InputArtifactDefinition> = mapValues(draft.artifacts ?? {}, () =>
    artifact('system.Artifact'),
  );
  return {
    inputDefinitions: { parameters: { ...inputs, ...draft.parameterTypes }, artifacts },
    outputDefinitions: {
      parameters: mapValues(draft.returns ?? {}, (parameterType) => ({ parameterType })),
      artifacts: mapValues(draft.writes ?? {}, artifact),
    },
  };
}

function executorOf(name: string, draft: TaskDraft): ExecutorSpec {
  if (draft.importer !== undefined) return { importer: draft.importer };
  const runs = draft.runs ?? name;
  return {
    container: draft.container ?? {
      image: 'test',
      command: ['node', '/ferrule/run.mjs'],
      args: writeIdentityArgs({
        function: runs,
        code: draft.code ?? digestOf(runs),
        reads: [],
        vary: [],
        isolate: false,
        secretEnv: [],
        ...draft.identity,
      }),
      ...(draft.env && { env: draft.env }),
    },
  };
}

function parameterSource(source: Source): TaskInputParameter {
  if (typeof source !== 'string') return { runtimeValue: { constant: source.constant } };
  if (source.startsWith('$')) return { componentInputParameter: source.slice(1) };
  const [producerTask = '', outputParameterKey = ''] = source.split('.');
  return { taskOutputParameter: { producerTask, outputParameterKey } };
}

function artifactSource(source: string): TaskInputArtifact {
  if (source.startsWith('$')) return { componentInputArtifact: source.slice(1) };
  const [producerTask = '', outputArtifactKey = ''] = source.split('.');
  return { taskOutputArtifact: { producerTask, outputArtifactKey } };
}

function artifact(schemaTitle: string): InputArtifactDefinition {
  return { artifactType: { schemaTitle, schemaVersion: '0.0.1' } };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
