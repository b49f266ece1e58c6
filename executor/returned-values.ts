/** Output parameters: what a component's body returned. */
import { UserError } from '../errors/ferrule-error.ts';
import type { JsonValue } from '../spec/json.ts';
import { hasParameterType } from '../spec/parameter-type.ts';
import type { ParameterType } from '../spec/pipeline-spec.ts';
import { asJson } from './json-values.ts';

/** The name KFP gives to an output that is returned bare. */
const bareName = 'Output';

/**
 * Reads output parameters from what a body returned: an object has one a field, anything else is `Output`. Fields
 * that are not declared are left out: a body may return more than its declared type.
 * @throws UserError FER6004 where one is missing, is no JSON, or is not of its declared type
 */
export function returnedParameters(
  returned: unknown,
  declared: readonly string[],
  types: Readonly<Record<string, ParameterType>> = {},
): Record<string, JsonValue> {
  const fields = fieldsOf(returned);
  const entries = declared.map((name) => {
    const value = fields[name];
    if (value === undefined || value === null) throw missing(name, declared, returned);
    const json = asJson(value, `the output parameter "${name}"`);
    checkType(name, json, types[name]);
    return [name, json] as const;
  });
  return Object.fromEntries(entries);
}

function fieldsOf(returned: unknown): Readonly<Record<string, unknown>> {
  if (returned === undefined || returned === null) return {};
  if (typeof returned !== 'object' || Array.isArray(returned)) return { [bareName]: returned };
  return { ...returned };
}

function missing(name: string, declared: readonly string[], returned: unknown): UserError {
  const bare = declared.length === 1 && name === bareName;
  const given =
    returned === undefined || returned === null
      ? 'nothing'
      : typeof returned === 'object' && !Array.isArray(returned)
        ? `{ ${Object.keys(returned).join(', ')} }`
        : `a bare ${Array.isArray(returned) ? 'array' : typeof returned}`;
  return new UserError('FER6004', {
    problem: `the component declares the output parameter "${name}", and returned ${given}`,
    fix: bare ? 'return the value on every path' : `return { ${declared.join(', ')} } on every path`,
  });
}

/**
 * Checks a value that a component gave for an output parameter.
 * @throws UserError FER6004 where it is not of the declared type
 */
export function checkType(name: string, value: JsonValue, type: ParameterType | undefined): void {
  if (type === undefined || hasParameterType(value, type)) return;
  throw new UserError('FER6004', {
    problem: `the output parameter "${name}" is ${wantedWords[type]}, and the component returned ${JSON.stringify(value).slice(0, 100)}`,
    fix: 'return a value of the declared type',
  });
}

const wantedWords: Readonly<Record<ParameterType, string>> = {
  STRING: 'a string',
  BOOLEAN: 'a boolean',
  NUMBER_DOUBLE: 'a number',
  NUMBER_INTEGER: 'an Int: a whole number within ±2^53',
  LIST: 'an array',
  STRUCT: 'an object',
  TASK_FINAL_STATUS: 'what a run fills in',
  TASK_CONFIG: 'what a run fills in',
};
