import type { JsonValue } from '../spec/json.ts';

declare const config: unique symbol;

type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * What the platform would apply to the task's own pod, for a component that starts another workload with it: KFP's
 * TASK_CONFIG. An input of this type is filled by the platform and never passed; the component's
 * `taskConfigPassthroughs` say which parts. Fields are fragments of a Kubernetes pod spec.
 */
export interface TaskConfig {
  readonly [config]: 'TaskConfig';
  readonly affinity?: JsonObject;
  readonly tolerations?: readonly JsonObject[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly env?: readonly JsonObject[];
  readonly volumes?: readonly JsonObject[];
  readonly volumeMounts?: readonly JsonObject[];
  readonly resources?: JsonObject;
}

/** A part of a task's settings that its component hands on. */
export type TaskConfigField = 'resources' | 'env' | 'affinity' | 'tolerations' | 'nodeSelector' | 'volumes';

export interface TaskConfigPassthrough {
  readonly field: TaskConfigField;
  /** Applies the settings to the task's own pod too. @default false */
  readonly applyToTask?: boolean;
}
