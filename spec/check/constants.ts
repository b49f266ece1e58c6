/** Whether constants of a spec suit the types of the inputs that take them. */
import type { JsonValue } from '../json.ts';
import { hasParameterType } from '../parameter-type.ts';
import type { ParameterType } from '../pipeline-spec.ts';

/**
 * Says why a constant is no value of a type; undefined where it is one. Texts are read as values of the type, as KFP's backend does, and
 * anything is a text if need be.
 */
export function constantProblem(value: JsonValue, type: ParameterType | undefined): string | undefined {
  if (type === undefined || type === 'STRING' || value === null) return undefined;
  if (typeof value === 'string' ? value.includes('{{$') || reads(value, type) : suits(value, type))
    return undefined;
  const shown = JSON.stringify(value);
  return `is no ${type}: ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}`;
}

/** As a value of the type, though a whole number may be beyond what is exact: only a run needs to refuse it. */
function suits(value: JsonValue, type: ParameterType): boolean {
  return hasParameterType(value, type) || (type === 'NUMBER_INTEGER' && Number.isInteger(value));
}

function reads(text: string, type: ParameterType): boolean {
  if (type === 'BOOLEAN') return /^(?:true|false|1|0|t|f)$/i.test(text);
  if (type === 'TASK_FINAL_STATUS' || type === 'TASK_CONFIG') return true;
  try {
    return suits(JSON.parse(text) as JsonValue, type);
  } catch {
    return false;
  }
}

/** Tells whether a value of one type may go where another is wanted; what only a run can tell passes. */
export function mayFlow(from: ParameterType | undefined, into: ParameterType | undefined): boolean {
  if (from === undefined || into === undefined || from === into) return true;
  // Any value is a text if need be, and a text may hold any value.
  if (from === 'STRING' || into === 'STRING') return true;
  return kindOf(from) === kindOf(into);
}

function kindOf(type: ParameterType): string {
  switch (type) {
    case 'NUMBER_DOUBLE':
    case 'NUMBER_INTEGER':
      return 'number';
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return 'struct';
    case 'STRING':
    case 'BOOLEAN':
    case 'LIST':
      return type;
  }
}
