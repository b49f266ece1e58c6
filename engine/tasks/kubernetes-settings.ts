/** The platform spec's settings of a task, with the values of its inputs filled in. */
import type { CompiledPipeline, JsonValue, KubernetesExecutorConfig } from '../../spec/index.ts';
import type { TaskNode } from '../graph/graph.ts';
import { settingOf } from '../graph/resolve.ts';

/** Finds the settings of an executor as they were written; undefined where it has none. */
export function kubernetesSettingsOf(
  label: string | undefined,
  compiled: CompiledPipeline,
): KubernetesExecutorConfig | undefined {
  return compiled.platform?.platforms.kubernetes?.deploymentSpec?.executors?.[label ?? ''];
}

/** Gives the settings of a task; what named an input, or another task's output, is its value. */
export function kubernetesSettings(
  node: TaskNode,
  compiled: CompiledPipeline,
): KubernetesExecutorConfig | undefined {
  const settings = kubernetesSettingsOf(node.component.executorLabel, compiled);
  if (settings === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      value === undefined ? value : filled(value, node),
    ]),
  );
}

const sources = ['runtimeValue', 'componentInputParameter', 'taskOutputParameter'] as const;

/** Replaces each parameter selector in a value by what it selects; one without a value becomes null. */
function filled(value: JsonValue, node: TaskNode): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => filled(item, node));
  const [source, ...others] = Object.keys(value).filter((key) => key !== 'parameterExpressionSelector');
  if (others.length === 0 && sources.some((known) => known === source))
    // The shape was checked when the document was read.
    return settingOf(node, value) ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, filled(field, node)]));
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
