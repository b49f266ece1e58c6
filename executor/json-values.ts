/** Turns what a component gives back into JSON, and refuses what JSON would change in silence. */
import { UserError } from '../errors/ferrule-error.ts';
import type { JsonValue } from '../spec/json.ts';

/**
 * Copies a value as plain JSON. Fields that are `undefined` are left out.
 * @param what names the value in the error, such as `the output parameter "accuracy"`
 * @throws UserError FER6004 for NaN, infinities, BigInts, functions, class instances, cycles and holes
 */
export function asJson(value: unknown, what: string): JsonValue {
  return copy(value, what, '', []);
}

function copy(value: unknown, what: string, place: string, inside: readonly object[]): JsonValue {
  const refuse = (problem: string, fix: string): UserError =>
    new UserError('FER6004', { problem: `${what}${place === '' ? '' : ` at ${place}`} is ${problem}`, fix });
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value))
        throw refuse(`${value}, which JSON cannot hold`, 'give a finite number, or a text that says so');
      return Object.is(value, -0) ? 0 : value;
    case 'bigint':
      throw refuse('a BigInt, which JSON cannot hold', 'convert it with Number(), or to a text');
    case 'undefined':
    case 'function':
    case 'symbol':
      throw refuse(
        `${typeof value === 'undefined' ? '' : 'a '}${typeof value}, which JSON cannot hold`,
        'give a value',
      );
    case 'object':
      break;
  }
  if (value === null) return null;
  if (inside.includes(value)) throw refuse('inside itself', 'break the cycle');
  const within = [...inside, value];
  // Array.from visits holes, which map() would skip.
  if (Array.isArray(value))
    return Array.from(value, (item: unknown, index) => copy(item, what, `${place}[${index}]`, within));
  if (!isPlain(value))
    throw refuse(
      `a ${value.constructor?.name || 'class instance'}, which is no plain object`,
      ArrayBuffer.isView(value) ? 'convert it with Array.from()' : 'give plain objects, arrays and values',
    );
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.map(([key, field]) => [key, copy(field, what, `${place}.${key}`, within)]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm (node:vm) has another Object.prototype: its constructor's name tells it.
  return prototype === null || prototype === Object.prototype || value.constructor?.name === 'Object';
}
