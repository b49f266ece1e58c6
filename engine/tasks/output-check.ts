/** Checks what an attempt gave against what its component declares. */
import { hasParameterType, type ComponentSpec, type JsonValue } from '../../spec/index.ts';
import type { Failure } from '../events.ts';
import type { TaskNode } from '../graph/graph.ts';

/** Tells what is wrong with the output parameters of a task; undefined where nothing is. */
export function outputFault(
  node: TaskNode,
  values: Readonly<Record<string, JsonValue>>,
): Failure | undefined {
  const wrong = wrongParameter(node.component, values);
  return wrong === undefined ? undefined : wrongValue(node, wrong);
}

/** Tells which output parameter is missing or has another type than the component declares. */
function wrongParameter(
  component: ComponentSpec,
  values: Readonly<Record<string, JsonValue>>,
): string | undefined {
  for (const [name, { parameterType }] of Object.entries(component.outputDefinitions?.parameters ?? {})) {
    const value = values[name];
    if (value === undefined) return `gave no value for its output "${name}"`;
    if (!hasParameterType(value, parameterType))
      return `gave ${JSON.stringify(value).slice(0, 80)} for its output "${name}", which is ${parameterType}`;
  }
  return undefined;
}

function wrongValue(node: TaskNode, problem: string): Failure {
  return {
    code: 'FER4010',
    kind: 'user',
    problem: `the task "${node.path}" ${problem}`,
    fix: 'return what the component declares',
    retryable: false,
  };
}
