/** Lowers a task's settings for Kubernetes to KFP's platform spec. */
import type { JsonValue, KubernetesExecutorConfig, TaskInputParameter } from '../../spec/index.ts';
import {
  ParameterHole,
  type KubernetesSettings,
  type KubernetesValue,
} from '../options/kubernetes/settings.ts';
import type { RefObject } from '../trace/ref.ts';

/** Says where a Ref's value comes from, in the group that the task is in. */
export type SourceOf = (ref: RefObject) => TaskInputParameter;

/** Writes settings; undefined where there are none. The task's go before the step's, field by field. */
export function kubernetesConfig(
  defaults: KubernetesSettings,
  settings: KubernetesSettings,
  timeout: number | undefined,
  source: SourceOf,
): KubernetesExecutorConfig | undefined {
  const fields = Object.entries({ ...defaults, ...settings }).map(
    ([name, value]) => [name, name === 'pvcMount' ? claims(value, source) : filled(value, source)] as const,
  );
  // An int64 is a text in JSON.
  if (timeout !== undefined) fields.push(['activeDeadlineSeconds', `${timeout}`]);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function filled(value: KubernetesValue, source: SourceOf): JsonValue {
  if (value instanceof ParameterHole) return plain(source(value.ref));
  if (isList(value)) return value.map((item) => filled(item, source));
  if (typeof value !== 'object' || value === null) return value;
  return fields(value, source);
}

function fields(value: KubernetesRecord, source: SourceOf): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filled(field, source)]));
}

/** A claim whose name a run decides says so twice: in a field of its own, and in KFP's older ones beside it. */
function claims(value: KubernetesValue, source: SourceOf): JsonValue {
  if (!isList(value)) return filled(value, source);
  return value.map((mount) => {
    if (!isRecord(mount)) return filled(mount, source);
    const name = mount['pvcNameParameter'];
    const older = name instanceof ParameterHole ? plain(source(name.ref)) : {};
    return { ...older, ...fields(mount, source) };
  });
}

type KubernetesRecord = Readonly<Record<string, KubernetesValue>>;

/** A source is JSON; its interface does not say so. */
function plain(source: TaskInputParameter): Record<string, JsonValue> {
  const { taskOutputParameter, componentInputParameter, parameterExpressionSelector } = source;
  return {
    ...(taskOutputParameter && { taskOutputParameter: { ...taskOutputParameter } }),
    ...(componentInputParameter !== undefined && { componentInputParameter }),
    ...(parameterExpressionSelector !== undefined && { parameterExpressionSelector }),
  };
}

// Array.isArray does not narrow a readonly array away.
function isList(value: KubernetesValue): value is readonly KubernetesValue[] {
  return Array.isArray(value);
}

function isRecord(value: KubernetesValue): value is KubernetesRecord {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof ParameterHole);
}
