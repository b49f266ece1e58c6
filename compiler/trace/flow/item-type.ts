/** Works out the type of a loop's items from a constant list. */
import type { JsonValue } from '../../../spec/index.ts';
import type { Field, ValueType } from '../../interfaces/component-interface.ts';
import { isPlainObject } from '../../options/option-reader.ts';
import { refOf } from '../ref.ts';
import { holdsRef } from '../template.ts';
import { IntValue } from '../trace-sdk.ts';

/** Makes JSON of a constant; undefined where it is none, or holds a Ref. */
export function constantOf(value: unknown): JsonValue | undefined {
  if (value instanceof IntValue) return value.valueOf();
  if (refOf(value) !== undefined) return undefined;
  if (typeof value === 'string') return holdsRef(value) ? undefined : value;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => constantOf(item));
    return items.includes(undefined) ? undefined : (items as JsonValue[]);
  }
  if (!isPlainObject(value)) return undefined;
  const fields: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const constant = constantOf(field);
    if (constant === undefined) return undefined;
    fields[name] = constant;
  }
  return fields;
}

/** A text of more than so many is any text: nobody declares an input that takes just these. */
const mostChoices = 50;

/** The type that all values of a list have; `any` where they have none in common. */
export function typeOfAll(values: readonly JsonValue[]): ValueType {
  if (values.length === 0) return { kind: 'any' };
  if (values.every((value) => typeof value === 'string')) {
    const texts = [...new Set(values)];
    return texts.length > mostChoices ? { kind: 'string' } : { kind: 'choice', values: texts };
  }
  if (values.every((value) => typeof value === 'boolean')) return { kind: 'boolean' };
  if (values.every((value) => typeof value === 'number'))
    return { kind: values.every((value) => Number.isSafeInteger(value)) ? 'integer' : 'number' };
  if (values.every((value) => Array.isArray(value)))
    return { kind: 'list', element: typeOfAll((values as readonly (readonly JsonValue[])[]).flat()) };
  if (values.every((value) => isPlainObject(value))) return { kind: 'struct', fields: commonFields(values) };
  return { kind: 'any' };
}

/** The fields that every object of a list has. */
function commonFields(values: readonly Readonly<Record<string, JsonValue>>[]): Record<string, Field> {
  const fields: Record<string, Field> = {};
  for (const name of Object.keys(values[0] ?? {})) {
    const found = values.flatMap((value) => {
      const field = value[name];
      return field === undefined ? [] : [field];
    });
    if (found.length === values.length) fields[name] = { type: typeOfAll(found), optional: false };
  }
  return fields;
}
