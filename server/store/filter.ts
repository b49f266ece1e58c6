/** Reads KFP's Filter message: predicates that all must hold. */
import { Refusal } from '../failure.ts';

const operations = {
  EQUALS: 1,
  NOT_EQUALS: 2,
  GREATER_THAN: 3,
  GREATER_THAN_EQUALS: 5,
  LESS_THAN: 6,
  LESS_THAN_EQUALS: 7,
  IN: 8,
  IS_SUBSTRING: 9,
} as const;

type Operation = keyof typeof operations;

/** Databases take so many conditions in a row and no more. */
const mostPredicates = 200;
const mostValues = 5000;

export interface Predicate {
  readonly operation: Operation;
  readonly key: string;
  readonly values: readonly (string | number)[];
}

/**
 * Reads a filter: JSON, as it is or encoded for a URL once more, with names of fields in either of protobuf's spellings.
 * @throws Refusal where it is none
 */
export function readFilter(text: string): readonly Predicate[] {
  if (text === '') return [];
  const filter = parse(text);
  const predicates = fieldOf(filter, 'predicates') ?? [];
  if (!Array.isArray(predicates)) throw wrong('"predicates" is no list');
  if (predicates.length > mostPredicates) throw wrong(`it has more than ${mostPredicates} predicates`);
  return predicates.map(readPredicate);
}

function parse(text: string): unknown {
  for (const attempt of [() => text, () => decodeURIComponent(text)])
    try {
      const value: unknown = JSON.parse(attempt());
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    } catch {
      continue;
    }
  throw wrong('it is no JSON object');
}

function readPredicate(value: unknown): Predicate {
  const key = fieldOf(value, 'key');
  if (typeof key !== 'string' || key === '') throw wrong('a predicate names no "key"');
  const operation = readOperation(fieldOf(value, 'operation'));
  const lists = ['string_values', 'int_values', 'long_values'];
  const names = operation === 'IN' ? lists : ['string_value', 'int_value', 'long_value', 'timestamp_value'];
  for (const name of names) {
    const found = fieldOf(value, name);
    if (found === undefined) continue;
    const values: unknown = operation === 'IN' ? fieldOf(found, 'values') : [found];
    if (!Array.isArray(values) || !values.every(isScalar) || values.length > mostValues)
      throw wrong(`the value of the predicate on "${key}" does not read`);
    return { operation, key, values };
  }
  throw wrong(`the predicate on "${key}" has none of ${names.join(', ')}`);
}

function readOperation(value: unknown): Operation {
  for (const [name, number] of Object.entries(operations))
    if (value === name || value === number) return name as Operation;
  throw wrong(`${JSON.stringify(value)} is no operation: there are ${Object.keys(operations).join(', ')}`);
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Reads a field by its name in protobuf, or in JSON. */
function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value));
  return fields[name] ?? fields[camel];
}

function wrong(why: string): Refusal {
  return new Refusal('invalid', `the filter does not read: ${why}`);
}
