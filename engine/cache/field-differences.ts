import { canonicalJson, type JsonValue } from '../../spec/index.ts';
import type { FingerprintFields } from './fingerprint.ts';

export interface FieldDifference {
  /** Such as `parameters.epochs` or `artifacts.train.digest`. */
  readonly field: string;
  /** What the field stands for, in words. */
  readonly meaning: string;
  readonly before?: JsonValue;
  readonly now?: JsonValue;
}

const meanings: readonly (readonly [RegExp, string])[] = [
  [/^version$/, 'how Ferrule makes fingerprints'],
  [/^code\.function$/, 'the name of the component'],
  [/^code\.code$/, "the component's code and assets"],
  [/^code\.natives$/, 'versions of the native packages it uses'],
  [/^code\.recipe$/, 'the recipe of its image'],
  [/^code\.image$/, 'the image'],
  [/^code\.interpreter$/, 'the interpreter of this machine'],
  [/^code\.packages\./, 'a package that it can load'],
  [/^code\.source$/, 'its source'],
  [/^code\.(command|args)/, 'what the container is told to do'],
  [/^code/, 'what runs'],
  [/^env\./, 'an environment variable'],
  [/^secretEnv/, 'which secrets it takes'],
  [/^parameters\./, 'a parameter'],
  [/^artifacts\.[^.]+\.digest$/, 'the content of an input'],
  [/^artifacts\.[^.]+\.metadata/, 'the metadata of an input'],
  [/^artifacts\./, 'an input artifact'],
  [/^outside\./, 'the data at a location that it reads'],
  [/^outputs\./, 'what it declares to give'],
  [/^salt$/, 'the cache salt'],
  [/^cacheKey$/, 'the cache key that the pipeline gives it'],
  [/^platform\./, 'the platform it varies by'],
];

/** Compares two fingerprints leaf by leaf; empty where they are the same. */
export function differencesOf(before: FingerprintFields, now: FingerprintFields): readonly FieldDifference[] {
  const old = leaves(before);
  const fresh = leaves(now);
  const names = [...new Set([...fresh.keys(), ...old.keys()])];
  return names.flatMap((field) => {
    const was = old.get(field);
    const is = fresh.get(field);
    if (canonicalJson(was ?? null) === canonicalJson(is ?? null) && old.has(field) === fresh.has(field))
      return [];
    return {
      field,
      meaning: meanings.find(([pattern]) => pattern.test(field))?.[1] ?? 'a part of the fingerprint',
      ...(was !== undefined && { before: was }),
      ...(is !== undefined && { now: is }),
    };
  });
}

/** Lays a struct out as paths and values. Parameters stay whole: a value is what a person gave. */
function leaves(fields: FingerprintFields): ReadonlyMap<string, JsonValue> {
  const found = new Map<string, JsonValue>();
  const visit = (path: string, value: unknown): void => {
    const parts = path.split('.');
    const whole = parts[0] === 'parameters' && parts.length === 2;
    if (!whole && Array.isArray(value) && path.startsWith('artifacts.'))
      for (const [index, item] of value.entries())
        visit(value.length === 1 ? path : `${path}[${index}]`, item);
    else if (!whole && typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, field] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, field);
    else if (value !== undefined) found.set(path, value as JsonValue);
  };
  visit('', fields);
  return found;
}
