/** Makes messages of KFP's schema at random, in all the ways that protobuf's JSON can be written. */
import * as fc from 'fast-check';
import { messages, type Kind } from '../../spec/schema.ts';

/** Texts with what readers of YAML and JSON stumble over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('yes', 'null', '~', '1e3', '0x1f', '2020-01-01', '{{$}}', '- a', 'a: b', '<<', '\u0085', '\ufeff', "it's", ' a\n b ', '=', ''),
); // prettier-ignore
const keys = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
  text.filter((key) => key !== '__proto__'),
);

const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const object = fc.dictionary(keys, json, { maxKeys: 3 });
const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/**
 * Makes values of a kind.
 * @param plain whether only what protobuf itself writes is made: in a plain JSON object nothing else means the same
 */
function valuesOf(kind: Kind, depth: number, plain: boolean): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'string':
      return text;
    case 'bool':
      return fc.boolean();
    case 'int32':
      return plain ? whole : fc.oneof(whole, whole.map(String));
    case 'int64':
      return plain ? long.map(String) : fc.oneof(long.map(String), fc.maxSafeInteger());
    case 'double': {
      const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
      return plain ? finite : fc.oneof(finite, finite.map(String), fc.constantFrom('Infinity', '-Infinity'));
    }
    case 'duration':
      return fc
        .tuple(fc.nat(315_576_000_000), fc.nat(999_999_999))
        .map(([seconds, nanos]) =>
          nanos % 2 === 0 ? `${seconds}s` : `${seconds}.${String(nanos).padStart(9, '0')}s`,
        );
    case 'value':
      return json;
    case 'object':
      return object;
  }
  if ('oneOfTexts' in kind) {
    const names = fc.constantFrom(...kind.oneOfTexts);
    return plain ? names : fc.oneof(names, fc.nat(kind.oneOfTexts.length - 1));
  }
  if ('listOf' in kind)
    return fc.array(valuesOf(kind.listOf, depth - 1, plain), { maxLength: depth > 0 ? 2 : 0 });
  if ('mapOf' in kind)
    return fc.dictionary(keys, valuesOf(kind.mapOf, depth - 1, plain), { maxKeys: depth > 0 ? 2 : 0 });
  return 'structOf' in kind
    ? messagesOf(kind.structOf, depth - 1, true)
    : messagesOf(kind.message, depth - 1, plain);
}

/** Makes messages of a kind, no deeper than `depth`. */
export function messagesOf(
  name: string,
  depth: number,
  plain = false,
): fc.Arbitrary<Record<string, unknown>> {
  const { fields = {}, required = [], exclusive = [], beyond = [] } = messages[name] ?? {};
  const entries = Object.entries(fields).filter(([field]) => !beyond.includes(field));
  const shape = Object.fromEntries(
    entries.map(([field, kind]) => {
      const values = valuesOf(kind, depth, plain);
      const isDeep = typeof kind === 'object' && !('oneOfTexts' in kind);
      if (depth <= 0 && isDeep && !required.includes(field)) return [field, fc.constant(undefined)];
      return [field, required.includes(field) ? values : fc.option(values, { nil: undefined, freq: 2 })];
    }),
  );
  return fc.tuple(fc.record(shape), fc.nat(), fc.nat(9)).map(([record, choice, form]) => {
    const message: Record<string, unknown> = { ...record };
    for (const group of exclusive) {
      const chosen = group[choice % group.length];
      for (const field of group) if (field !== chosen) delete message[field];
    }
    const given = Object.entries(message).filter(([, value]) => value !== undefined);
    return Object.fromEntries(plain ? given : given.map(([field, value]) => otherForm(field, value, form)));
  });
}

/** A field by the name that its proto file gives it, in one of three messages. One is in camelCase there, too. */
function otherForm(field: string, value: unknown, form: number): readonly [string, unknown] {
  return form > 2 || field === 'pipelineConfig'
    ? [field, value]
    : [field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value];
}
