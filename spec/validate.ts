/** Checks JSON against the messages of KFP's schema: strictly, and all of it in one go. */
import * as z from 'zod';
import { messages, type Kind, type ScalarKind } from './schema.ts';

/** Something that is wrong at a path of a document. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  /** Whether the key at the end of the path is wrong, not its value. */
  readonly isKey?: boolean;
  readonly fix?: string;
  /** @default FER3002 */
  readonly code?: 'FER3002' | 'FER3003' | 'FER3005' | 'FER3007';
}

/**
 * Lists what is wrong with a value as a message of the schema.
 * @param at where the value is in its document
 */
export function validate(value: unknown, message: string, at: Fault['path'] = []): Fault[] {
  const { error } = schemaOf({ message }).safeParse(value, { reportInput: true });
  return error?.issues.flatMap((issue) => faultsOf({ ...issue, path: [...at, ...issue.path] })) ?? [];
}

const known = new Map<string, z.ZodType>();

/** Schemas say in their issues' messages what they want, as the end of "... must be". */
function schemaOf(kind: Kind): z.ZodType {
  if (typeof kind === 'string') return scalars[kind];
  if ('oneOfTexts' in kind) return z.enum(kind.oneOfTexts, `one of ${kind.oneOfTexts.join(', ')}`);
  if ('listOf' in kind) return z.array(schemaOf(kind.listOf), 'a list');
  if ('mapOf' in kind) return named.pipe(z.record(z.string(), schemaOf(kind.mapOf), 'a map'));
  const name = 'structOf' in kind ? kind.structOf : kind.message;
  const schema = known.get(name) ?? messageSchema(name);
  known.set(name, schema);
  return schema;
}

function messageSchema(name: string): z.ZodType {
  const { fields = {}, required = [], exclusive = [] } = messages[name] ?? {};
  const shape = Object.entries(fields).map(([key, kind]) => {
    const schema = schemaOf(kind);
    return [key, required.includes(key) ? schema : schema.optional()] as const;
  });
  let schema: z.ZodType<object> = z.strictObject(Object.fromEntries(shape), {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(fields).join(', ') : 'a map'),
  });
  for (const group of exclusive) {
    const setOf = (value: unknown): string[] =>
      group.filter((key) => isObject(value) && value[key] !== undefined);
    schema = schema.refine((value) => setOf(value).length <= 1, {
      ...evenIfFaulty,
      error: ({ input }) => `has ${setOf(input).join(' and ')}, of which one alone may be set`,
    });
  }
  return schema;
}

/** Checks a map as a whole even where something in it is wrong, so that all faults are found. */
const evenIfFaulty = { when: ({ value }: { readonly value: unknown }): boolean => isObject(value) };

/** Maps from outside, before zod copies them: it leaves this key out, unseen. */
const named = z
  .unknown()
  .refine(
    (map) => !isObject(map) || !Object.hasOwn(map, '__proto__'),
    'has the key "__proto__", which cannot be a name',
  );

const wholeNumber = 'a whole number';
const duration = 'a duration such as 30s';
const longest = 2n ** 63n;
const scalars: Readonly<Record<ScalarKind, z.ZodType>> = {
  string: z
    .string('a text')
    .refine((text) => !/\p{Surrogate}/u.test(text), 'holds half of a surrogate pair, which is no text'),
  bool: z.boolean('true or false'),
  double: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])], 'a number'),
  int32: z.int32('a whole number within ±2^31'),
  int64: z
    .union([z.int(), z.string().regex(/^-?\d+$/, wholeNumber)], wholeNumber)
    // Refined even where it is no number, which is told by then.
    .refine(
      (value) => !/^-?\d+$/.test(`${value}`) || (BigInt(value) < longest && BigInt(value) >= -longest),
      'is outside ±2^63',
    ),
  duration: z.string(duration).regex(/^-?\d+(?:\.\d+)?s$/, duration),
  object: z.record(z.string(), z.unknown(), 'a map').superRefine(checkJson),
  value: z.unknown().superRefine(checkJson),
};

/** Finds what JSON, and therefore a protobuf Value, cannot hold. */
function checkJson(value: unknown, context: z.RefinementCtx, path: readonly (string | number)[] = []): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    context.addIssue({ code: 'custom', path: [...path], message: `is ${value}, which JSON does not have` });
  else if (typeof value === 'string' && /\p{Surrogate}/u.test(value))
    context.addIssue({
      code: 'custom',
      path: [...path],
      message: 'holds half of a surrogate pair, which is no text',
    });
  else if (Array.isArray(value))
    value.forEach((item: unknown, index) => checkJson(item, context, [...path, index]));
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) checkJson(item, context, [...path, key]);
}

function faultsOf({ code, path: keys, input, message, ...rest }: z.core.$ZodIssue): Fault[] {
  const path = keys.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const missing = path.at(-1);
  if ('keys' in rest)
    return rest.keys.map((key) => ({
      path: [...path, key],
      isKey: true,
      problem: `${shown(path)} has no field "${key}"`,
      fix: `its fields are ${message}`,
    }));
  if (code === 'custom') return [{ path, problem: `${shown(path)} ${message}` }];
  if (input === undefined && missing !== undefined) {
    const parent = path.slice(0, -1);
    return [{ path: parent, problem: `${shown(parent)} lacks the field "${missing}"` }];
  }
  return [{ path, problem: `${shown(path)} must be ${message}, not ${described(input)}` }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(path: Fault['path']): string {
  return path.length === 0 ? 'the document' : path.join('.');
}

function described(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
