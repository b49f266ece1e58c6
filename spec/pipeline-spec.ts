/**
 * KFP's PipelineSpec (schemaVersion 2.1.0) as its JSON form has it: lowerCamelCase names, int64 as strings,
 * durations as `30s`. Source: api/v2alpha1/pipeline_spec.proto of Kubeflow Pipelines.
 */
import type { JsonValue } from './json.ts';

export type ParameterType =
  | 'NUMBER_DOUBLE'
  | 'NUMBER_INTEGER'
  | 'STRING'
  | 'BOOLEAN'
  | 'LIST'
  | 'STRUCT'
  | 'TASK_FINAL_STATUS'
  | 'TASK_CONFIG';

export interface PipelineSpec {
  readonly pipelineInfo: PipelineInfo;
  readonly deploymentSpec: DeploymentSpec;
  readonly root: ComponentSpec;
  readonly components?: Readonly<Record<string, ComponentSpec>>;
  readonly schemaVersion: string;
  readonly sdkVersion?: string;
  readonly defaultPipelineRoot?: string;
}

interface PipelineInfo {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
}

interface DeploymentSpec {
  readonly executors?: Readonly<Record<string, ExecutorSpec>>;
}

export interface ExecutorSpec {
  readonly container?: ContainerSpec;
  readonly importer?: ImporterSpec;
  /** Of older compilers; no backend of KFP runs these two. */
  readonly resolver?: object;
  readonly customJob?: object;
}

export interface ContainerSpec {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly resources?: ResourceSpec;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
}

export interface ResourceSpec {
  /** Cores. */
  readonly cpuLimit?: number;
  readonly cpuRequest?: number;
  /** Gigabytes of 1e9 bytes. */
  readonly memoryLimit?: number;
  readonly memoryRequest?: number;
  readonly resourceCpuLimit?: string;
  readonly resourceCpuRequest?: string;
  readonly resourceMemoryLimit?: string;
  readonly resourceMemoryRequest?: string;
  readonly accelerator?: AcceleratorSpec;
}

interface AcceleratorSpec {
  readonly type?: string;
  readonly count?: string;
  readonly resourceType?: string;
  readonly resourceCount?: string;
}

export interface ImporterSpec {
  readonly artifactUri: ValueOrRuntimeParameter;
  readonly typeSchema: ArtifactTypeSchema;
  readonly metadata?: Readonly<Record<string, JsonValue>>;
  readonly reimport?: boolean;
  readonly downloadToWorkspace?: boolean;
}

/** Exactly one of its fields is set. */
interface ValueOrRuntimeParameter {
  readonly constant?: JsonValue;
  readonly runtimeParameter?: string;
}

export interface ArtifactTypeSchema {
  readonly schemaTitle?: string;
  readonly schemaUri?: string;
  readonly instanceSchema?: string;
  readonly schemaVersion?: string;
}

/** Exactly one of `dag` and `executorLabel` is set. */
export interface ComponentSpec {
  readonly inputDefinitions?: InputDefinitions;
  readonly outputDefinitions?: OutputDefinitions;
  readonly dag?: DagSpec;
  readonly executorLabel?: string;
  readonly taskConfigPassthroughs?: readonly TaskConfigPassthrough[];
}

interface TaskConfigPassthrough {
  readonly field?: string;
  readonly applyToTask?: boolean;
}

export interface InputDefinitions {
  readonly parameters?: Readonly<Record<string, InputParameterDefinition>>;
  readonly artifacts?: Readonly<Record<string, InputArtifactDefinition>>;
}

export interface InputParameterDefinition {
  readonly parameterType: ParameterType;
  readonly defaultValue?: JsonValue;
  readonly isOptional?: boolean;
  readonly description?: string;
}

export interface InputArtifactDefinition {
  readonly artifactType: ArtifactTypeSchema;
  readonly isArtifactList?: boolean;
  readonly isOptional?: boolean;
  readonly description?: string;
}

export interface OutputDefinitions {
  readonly parameters?: Readonly<Record<string, OutputParameterDefinition>>;
  readonly artifacts?: Readonly<Record<string, OutputArtifactDefinition>>;
}

export interface OutputParameterDefinition {
  readonly parameterType: ParameterType;
  readonly description?: string;
}

export interface OutputArtifactDefinition {
  readonly artifactType: ArtifactTypeSchema;
  readonly isArtifactList?: boolean;
  readonly description?: string;
}

export interface DagSpec {
  readonly tasks?: Readonly<Record<string, TaskSpec>>;
  readonly outputs?: DagOutputs;
}

interface DagOutputs {
  readonly parameters?: Readonly<Record<string, DagOutputParameter>>;
  readonly artifacts?: Readonly<Record<string, DagOutputArtifact>>;
}

/** Exactly one of its fields is set. */
interface DagOutputParameter {
  readonly valueFromParameter?: ParameterSelector;
  readonly valueFromOneof?: { readonly parameterSelectors: readonly ParameterSelector[] };
}

interface ParameterSelector {
  readonly producerSubtask: string;
  readonly outputParameterKey: string;
}

interface DagOutputArtifact {
  readonly artifactSelectors: readonly ArtifactSelector[];
}

interface ArtifactSelector {
  readonly producerSubtask: string;
  readonly outputArtifactKey: string;
}

export interface TaskSpec {
  readonly taskInfo?: { readonly name?: string };
  readonly componentRef: { readonly name: string };
  readonly inputs?: TaskInputs;
  readonly dependentTasks?: readonly string[];
  readonly cachingOptions?: CachingOptions;
  readonly triggerPolicy?: TriggerPolicy;
  readonly retryPolicy?: RetryPolicy;
  readonly parameterIterator?: ParameterIterator;
  readonly artifactIterator?: ArtifactIterator;
  readonly iteratorPolicy?: { readonly parallelismLimit?: number };
}

export interface TaskInputs {
  readonly parameters?: Readonly<Record<string, TaskInputParameter>>;
  readonly artifacts?: Readonly<Record<string, TaskInputArtifact>>;
}

/** Exactly one of the four sources is set. */
export interface TaskInputParameter {
  readonly taskOutputParameter?: { readonly producerTask: string; readonly outputParameterKey: string };
  readonly runtimeValue?: ValueOrRuntimeParameter;
  readonly componentInputParameter?: string;
  readonly taskFinalStatus?: { readonly producerTask: string };
  readonly parameterExpressionSelector?: string;
}

/** Exactly one of its fields is set. */
export interface TaskInputArtifact {
  readonly taskOutputArtifact?: { readonly producerTask: string; readonly outputArtifactKey: string };
  readonly componentInputArtifact?: string;
}

interface CachingOptions {
  readonly enableCache?: boolean;
  readonly cacheKey?: string;
}

interface TriggerPolicy {
  /** A CEL expression over `inputs.parameter_values`. */
  readonly condition?: string;
  readonly strategy?:
    | 'TRIGGER_STRATEGY_UNSPECIFIED'
    | 'ALL_UPSTREAM_TASKS_SUCCEEDED'
    | 'ALL_UPSTREAM_TASKS_COMPLETED';
}

export interface RetryPolicy {
  readonly maxRetryCount?: number;
  /** A duration such as `30s`. */
  readonly backoffDuration?: string;
  readonly backoffFactor?: number | 'NaN' | 'Infinity' | '-Infinity';
  readonly backoffMaxDuration?: string;
}

interface ParameterIterator {
  readonly itemInput: string;
  readonly items: { readonly raw?: string; readonly inputParameter?: string };
}

interface ArtifactIterator {
  readonly itemInput: string;
  readonly items: { readonly inputArtifact: string };
}
