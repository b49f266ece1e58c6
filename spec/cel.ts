/**
 * Expressions of the Common Expression Language in a spec: conditions of tasks, and selectors of parts of values. Loading
 * this file loads the evaluator: import it where a spec has an expression.
 */
import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { JsonValue } from './json.ts';
import { valueText } from './placeholders/value-text.ts';

/** As KFP's backend sets cel-go up: every number of a spec is a double, and `parseJson` is its one function more. */
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
}).registerFunction('parseJson(string): dyn', (text: string): unknown => JSON.parse(text));

/** Expressions are evaluated once an iteration of a loop; parsing costs fifty times as much. */
const parsed = new Map<string, ParseResult>();
const mostParsed = 1000;

function parse(expression: string): ParseResult {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  const fresh = environment.parse(expression);
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(expression, fresh);
  return fresh;
}

/** Tells why an expression does not parse; undefined where it does. */
export function celProblem(expression: string): string | undefined {
  try {
    parse(expression);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

export type CelResult<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly problem: string };

/**
 * Evaluates a condition.
 * @param parameters what `inputs.parameter_values` holds
 */
export function evaluateCondition(
  expression: string,
  parameters: Readonly<Record<string, JsonValue>>,
): CelResult<boolean> {
  return evaluated(() => {
    const value: unknown = parse(expression)({ inputs: { parameter_values: parameters } });
    if (typeof value === 'boolean') return value;
    throw new Error(
      `it gives ${typeof value === 'bigint' ? 'a number' : describe(value)}, not true or false`,
    );
  });
}

/**
 * Selects a part of a value.
 * @param expression over `string_value`, the value as text, and the value under its own kind, such as `struct_value`
 */
export function selectPart(expression: string, value: JsonValue): CelResult<JsonValue> {
  return evaluated(() =>
    jsonOf(parse(expression)({ ...variablesOf(value), string_value: valueText(value) })),
  );
}

/** Names the parameters that a condition reads. */
export function parametersIn(expression: string): readonly string[] {
  const found = expression.matchAll(/inputs\.parameter_values\[(?:'([^']*)'|"([^"]*)")\]/g);
  return [...new Set([...found].map((match) => match[1] ?? match[2] ?? ''))];
}

function evaluated<T>(evaluate: () => T): CelResult<T> {
  try {
    return { kind: 'value', value: evaluate() };
  } catch (error) {
    return { kind: 'error', problem: messageOf(error) };
  }
}

/** A value under the name of its kind, as the fields of a protobuf Value are called. */
function variablesOf(value: JsonValue): Record<string, JsonValue> {
  if (typeof value === 'number') return { number_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (Array.isArray(value)) return { list_value: value };
  return typeof value === 'object' && value !== null ? { struct_value: value } : {};
}

/** Turns what an expression gave into JSON. */
function jsonOf(value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(jsonOf);
      const entries = value instanceof Map ? [...value] : Object.entries(value);
      return Object.fromEntries(entries.map(([key, field]) => [String(key), jsonOf(field)]));
    }
    default:
      throw new Error(`it gives ${describe(value)}, which is no value`);
  }
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a value of the kind ${typeof value}`;
}

/** The evaluator's message is followed by the expression with a mark under the place, which others say better. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
