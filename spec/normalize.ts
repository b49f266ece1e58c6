/**
 * Brings JSON of protobuf messages to one form: the one that protobuf itself writes. Readers of protobuf's JSON take more than
 * writers give: names in snake_case, null for a field that is not set, enumerations by number, numbers as texts.
 */
import { messages, type Kind, type Message } from './schema.ts';

/**
 * Gives a message in its one form: lowerCamelCase names, int64 as texts, int32 as numbers, enumerations by name, without fields that are
 * null or have protobuf's default, apart from those that must be there. What is wrong stays as it is, for `validate` to tell. Plain JSON inside (Struct, Value) is not touched.
 */
export function normalize(value: unknown, message: string): unknown {
  return normalized(value, { message });
}

function normalized(value: unknown, kind: Kind): unknown {
  if (typeof kind === 'string') return kind in scalars ? scalars[kind]?.(value) : value;
  if ('structOf' in kind) return value;
  if ('oneOfTexts' in kind) return typeof value === 'number' ? (kind.oneOfTexts[value] ?? value) : value;
  if ('listOf' in kind)
    return Array.isArray(value) ? value.map((item: unknown) => normalized(item, kind.listOf)) : value;
  if (!isObject(value)) return value;
  if ('mapOf' in kind)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, normalized(item, kind.mapOf)]),
    );
  const message = messages[kind.message];
  return message === undefined ? value : normalizedMessage(value, message);
}

function normalizedMessage(value: Readonly<Record<string, unknown>>, message: Message): unknown {
  const { explicit = [], exclusive = [], required = [] } = message;
  const kept = new Set([...explicit, ...exclusive.flat(), ...required]);
  return Object.fromEntries(
    Object.entries(value).flatMap(([written, field]) => {
      const name = fieldName(written, value, message);
      const kind = message.fields[name];
      if (kind === undefined) return [[written, field]];
      if (field === null && kind !== 'value') return [];
      const plain = normalized(field, kind);
      return isDefault(plain, kind) && !kept.has(name) ? [] : [[name, plain]];
    }),
  );
}

/** Names a field as JSON has it; one that is given in both ways keeps its other name, which no message knows. */
function fieldName(written: string, value: Readonly<Record<string, unknown>>, { fields }: Message): string {
  if (Object.hasOwn(fields, written)) return written;
  const name = camelCase(written);
  return Object.hasOwn(fields, name) && !Object.hasOwn(value, name) ? name : written;
}

/** Gives the JSON name of a field that a proto file calls `pipeline_info`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const wholeNumber = /^-?\d+(?:\.0*)?$/;

const scalars: Readonly<Partial<Record<string, (value: unknown) => unknown>>> = {
  int32: (value) => (typeof value === 'string' && wholeNumber.test(value) ? Number(value) : value),
  int64: (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    return typeof value === 'string' && wholeNumber.test(value)
      ? String(BigInt(value.split('.')[0] ?? ''))
      : value;
  },
  double: (value) =>
    typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value) ? Number(value) : value,
};

function isDefault(value: unknown, kind: Kind): boolean {
  if (kind === 'value' || kind === 'object') return false;
  if (kind === 'int64') return value === '0';
  if (typeof kind === 'string') return value === '' || value === 0 || value === false;
  if ('oneOfTexts' in kind) return value === kind.oneOfTexts[0];
  if ('listOf' in kind) return Array.isArray(value) && value.length === 0;
  return 'mapOf' in kind && isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
