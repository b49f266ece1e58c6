/** Types of values: how a person writes them, and which constants they take. */
import type { JsonValue } from '../../spec/index.ts';
import type { PortType, ValueType } from './component-interface.ts';

/** Tells whether a constant is of a type. */
export function valueFits(value: JsonValue, type: ValueType): boolean {
  switch (type.kind) {
    case 'any':
      return true;
    case 'string':
    case 'boolean':
      return typeof value === type.kind;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'choice':
      return typeof value === 'string' && type.values.includes(value);
    case 'list':
      return Array.isArray(value) && value.every((item: JsonValue) => valueFits(item, type.element));
    case 'struct':
      return structFits(value, type);
    case 'finalStatus':
    case 'taskConfig':
      return false;
  }
}

function structFits(value: JsonValue, { fields, values }: Extract<ValueType, { kind: 'struct' }>): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
  if (fields === undefined)
    return values === undefined || entries.every(([, item]) => valueFits(item, values));
  const isWhole = Object.entries(fields).every(
    ([name, { optional }]) => optional || Object.hasOwn(value, name),
  );
  return (
    isWhole &&
    entries.every(([name, item]) => {
      const field = fields[name];
      return field !== undefined && valueFits(item, field.type);
    })
  );
}

/** Writes a type as a person would declare it. */
export function typeText(type: PortType): string {
  switch (type.kind) {
    case 'integer':
      return 'Int';
    case 'any':
      return 'JsonValue';
    case 'finalStatus':
      return 'FinalStatus';
    case 'taskConfig':
      return 'TaskConfig';
    case 'choice':
      return type.values.map((value) => `'${value}'`).join(' | ');
    case 'list':
      return type.element.kind === 'choice' ? `(${typeText(type.element)})[]` : `${typeText(type.element)}[]`;
    case 'struct':
      return type.fields === undefined
        ? `Record<string, ${type.values === undefined ? 'JsonValue' : typeText(type.values)}>`
        : `{ ${Object.entries(type.fields)
            .map(([name, field]) => `${name}${field.optional ? '?' : ''}: ${typeText(field.type)}`)
            .join('; ')} }`;
    case 'artifact': {
      const [, own] = /^system\.(.+)$/.exec(type.title) ?? [];
      const name = own === undefined ? `Artifact<'${type.title}'>` : own === 'HTML' ? 'Html' : own;
      return type.list ? `${name}[]` : name;
    }
    default:
      return type.kind;
  }
}
