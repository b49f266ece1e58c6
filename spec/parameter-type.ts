import type { JsonValue } from './json.ts';
import type { ParameterType } from './pipeline-spec.ts';

/** Tells whether a value is of a parameter's type. What a run fills in by itself is of whatever type it is. */
export function hasParameterType(value: JsonValue, type: ParameterType): boolean {
  switch (type) {
    case 'STRING':
      return typeof value === 'string';
    case 'NUMBER_DOUBLE':
      return typeof value === 'number' && Number.isFinite(value);
    case 'NUMBER_INTEGER':
      return Number.isSafeInteger(value);
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'LIST':
      return Array.isArray(value);
    case 'STRUCT':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return true;
  }
}
