/** Conditions and selectors of a spec. The evaluator is loaded for specs that have some: see `loadExpressions`. */
import { InternalError } from '../../errors/index.ts';
import type * as Cel from '../../spec/cel.ts';
import { valueText, type JsonValue, type PipelineSpec, type TaskSpec } from '../../spec/index.ts';
import type { Failure } from '../events.ts';
import type { Inputs, TaskNode } from './graph.ts';

type Evaluator = typeof Cel;

let evaluator: Evaluator | undefined;

/** Loads the evaluator, where a spec has an expression. To be called before a graph of the spec is worked on. */
export async function loadExpressions(spec: PipelineSpec): Promise<void> {
  const components = [spec.root, ...Object.values(spec.components ?? {})];
  const tasks = components.flatMap(({ dag }) => Object.values(dag?.tasks ?? {}));
  if (tasks.some(hasExpression)) evaluator ??= await import('../../spec/cel.ts');
}

/** Gives the evaluator. @throws InternalError where it was not loaded */
export function expressions(): Evaluator {
  if (evaluator !== undefined) return evaluator;
  throw new InternalError('FER4000', { problem: 'the evaluator of expressions was not loaded' });
}

function hasExpression(task: TaskSpec): boolean {
  return (
    conditionOf(task) !== undefined ||
    Object.values(task.inputs?.parameters ?? {}).some((source) => selectorOf(source) !== undefined)
  );
}

/** Finds the condition of a task; an empty one is none. */
export function conditionOf({ triggerPolicy }: TaskSpec): string | undefined {
  return triggerPolicy?.condition === '' ? undefined : triggerPolicy?.condition;
}

/** Finds the selector of an input; an empty one selects nothing. */
export function selectorOf(source: { readonly parameterExpressionSelector?: string }): string | undefined {
  const selector = source.parameterExpressionSelector;
  return selector === '' ? undefined : selector;
}

export type Decision =
  | { readonly kind: 'run' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Decides by a task's condition. An error in it fails the task: it is never taken for false. */
export function decide(condition: string, node: TaskNode, inputs: Inputs): Decision {
  const { evaluateCondition, parametersIn } = expressions();
  const values = asDeclared(node, inputs);
  const result = evaluateCondition(condition, values);
  if (result.kind === 'value' && result.value) return { kind: 'run' };
  const shown = readable(condition);
  const where = parametersIn(condition).map((name) => {
    const value = values[name];
    return `${readable(name)} is ${value === undefined || value === null ? 'not given' : JSON.stringify(value).slice(0, 120)}`;
  });
  const text = where.length === 0 ? shown : `${shown}, where ${where.join(' and ')}`;
  if (result.kind === 'value') return { kind: 'skip', reason: `its condition is false: ${text}` };
  return {
    kind: 'failed',
    failure: {
      code: 'FER4015',
      kind: 'user',
      problem: `the condition of "${node.path}" cannot be evaluated: ${result.problem}. It is ${text}`,
      fix: 'compare values of one type; see that what the condition reads is given',
      retryable: false,
    },
  };
}

/**
 * What a condition sees. The texts that KFP's backend makes of what is declared as a text count here too, and what was not
 * given is null.
 */
function asDeclared(node: TaskNode, { parameters }: Inputs): Record<string, JsonValue> {
  const definitions = node.component.inputDefinitions?.parameters ?? {};
  const values: Record<string, JsonValue> = {};
  for (const name of Object.keys(node.task.inputs?.parameters ?? {})) values[name] = null;
  for (const [name, value] of Object.entries(parameters)) {
    const isText = definitions[name]?.parameterType === 'STRING' && typeof value !== 'string';
    values[name] = isText ? valueText(value) : value;
  }
  return values;
}

/** Writes an expression as a person would: without the names that KFP's compiler makes. */
function readable(expression: string): string {
  return expression
    .replaceAll(
      /inputs\.parameter_values\[(?:'([^']*)'|"([^"]*)")\]/g,
      (_, a?: string, b?: string) => a ?? b ?? '',
    )
    .replaceAll('pipelinechannel--', '')
    .replaceAll('-subvar-', '.');
}
