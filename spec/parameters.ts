/** Values of a pipeline's parameters: read, checked against their types, completed by their defaults. */
import { UserError, UserErrors } from '../errors/index.ts';
import type { JsonValue } from './json.ts';
import { hasParameterType } from './parameter-type.ts';
import type { InputParameterDefinition, ParameterType, PipelineSpec } from './pipeline-spec.ts';

/**
 * Checks given values against a pipeline's parameters and fills in the defaults. A parameter that is optional and
 * has no default stays away.
 * @throws UserErrors with each unknown name, missing value and value of another type
 */
export function checkParameters(
  spec: PipelineSpec,
  given: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  const definitions = spec.root.inputDefinitions?.parameters ?? {};
  const errors: UserError[] = [];
  for (const name of Object.keys(given))
    if (!Object.hasOwn(definitions, name)) errors.push(unknownParameter(name, Object.keys(definitions)));
  const values: Record<string, JsonValue> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const value = Object.hasOwn(given, name) ? given[name] : definition.defaultValue;
    if (value === undefined) {
      if (definition.isOptional !== true) errors.push(missingParameter(name, definition));
      continue;
    }
    const problem = valueProblem(value, definition.parameterType);
    if (problem === undefined) values[name] = value;
    else
      errors.push(
        new UserError('FER3003', {
          problem: `the parameter "${name}" takes ${typeWords[definition.parameterType]}: ${problem}`,
          fix: `pass ${name}=${examples[definition.parameterType]}`,
        }),
      );
  }
  if (errors.length > 0) throw new UserErrors(errors);
  return values;
}

/**
 * Reads a value that was written as text, as on a command line: a STRING as it is, a LIST and a STRUCT as JSON.
 * @throws UserError for an unknown name, and for a text that is no value of the parameter's type
 */
export function readParameterText(spec: PipelineSpec, name: string, text: string): JsonValue {
  const definitions = spec.root.inputDefinitions?.parameters ?? {};
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (definition === undefined) throw unknownParameter(name, Object.keys(definitions));
  const type = definition.parameterType;
  if (type === 'STRING') return text;
  const value = type.startsWith('NUMBER') ? numberOf(text) : jsonOf(text);
  if (value !== undefined && fits(value, type)) return value;
  throw new UserError('FER3003', {
    problem: `the parameter "${name}" takes ${typeWords[type]}, not ${JSON.stringify(text)}`,
    fix: `write ${name}=${examples[type]}`,
  });
}

function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const typeWords: Readonly<Record<ParameterType, string>> = {
  STRING: 'a text',
  NUMBER_DOUBLE: 'a number',
  NUMBER_INTEGER: 'a whole number within ±2^53',
  BOOLEAN: 'true or false',
  LIST: 'a list',
  STRUCT: 'an object',
  TASK_FINAL_STATUS: 'nothing: a run fills it in',
  TASK_CONFIG: 'nothing: a run fills it in',
};

const examples: Readonly<Record<ParameterType, string>> = {
  STRING: 'text',
  NUMBER_DOUBLE: '0.5',
  NUMBER_INTEGER: '10',
  BOOLEAN: 'true',
  LIST: '\'["a", "b"]\'',
  STRUCT: '\'{"key": 1}\'',
  TASK_FINAL_STATUS: '',
  TASK_CONFIG: '',
};

function valueProblem(value: JsonValue, type: ParameterType): string | undefined {
  return fits(value, type) ? undefined : `${JSON.stringify(value)} is ${kindWords(value)}`;
}

/** Nobody gives what a run fills in. */
function fits(value: JsonValue, type: ParameterType): boolean {
  return type !== 'TASK_FINAL_STATUS' && type !== 'TASK_CONFIG' && hasParameterType(value, type);
}

function kindWords(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'string' ? 'a text' : typeof value === 'boolean' ? 'a boolean' : 'an object';
}

function unknownParameter(name: string, known: readonly string[]): UserError {
  return new UserError('FER3004', {
    problem: `the pipeline has no parameter "${name}"`,
    fix: known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`,
  });
}

function missingParameter(name: string, definition: InputParameterDefinition): UserError {
  return new UserError('FER3004', {
    problem: `the parameter "${name}" has no default, and got no value`,
    fix: `pass ${name}=${examples[definition.parameterType]}`,
  });
}
