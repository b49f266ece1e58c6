/** The second document of a compiled pipeline: settings of one platform, as JSON has them. */
import type { JsonValue } from './json.ts';
import type { PipelineSpec } from './pipeline-spec.ts';

export interface PlatformSpec {
  readonly platforms: {
    readonly kubernetes?: KubernetesPlatform;
  };
}

interface KubernetesPlatform {
  readonly deploymentSpec?: { readonly executors?: Readonly<Record<string, KubernetesExecutorConfig>> };
  readonly pipelineConfig?: Readonly<Record<string, JsonValue>>;
}

/** One executor's settings on Kubernetes. Source: kubernetes_platform/proto/kubernetes_executor_config.proto. */
export interface KubernetesExecutorConfig {
  /** Seconds, an int64 and therefore a text. */
  readonly activeDeadlineSeconds?: string;
  readonly [field: string]: JsonValue | undefined;
}

/** A compiled pipeline: KFP's spec and, where a platform has settings, the platform spec. */
export interface CompiledPipeline {
  readonly spec: PipelineSpec;
  readonly platform?: PlatformSpec;
}
