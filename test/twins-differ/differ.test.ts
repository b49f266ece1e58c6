import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../spec/index.ts';
import { kfpPython } from '../counterparts.ts';
import { compareWithPython, pairsIn, type Compared } from '../twins/compare-with-python.ts';

/** Why a pair differs, and how. */
interface Differs {
  /** What is wrong with Python's side. */
  readonly reason: string;
  /** A part of Python's error, or of the difference between the messages. */
  readonly python?: string;
  /** What stands at paths of our message; null where nothing may. */
  readonly ours?: Readonly<Record<string, JsonValue>>;
  /** The code with which we refuse the pipeline. */
  readonly refused?: string;
}

const pairs = pairsIn(import.meta.dirname).map((pair) => ({
  ...pair,
  differs: JSON.parse(readFileSync(path.join(path.dirname(pair.file), 'differs.json'), 'utf8')) as Differs,
}));

function at(value: unknown, keys: string): unknown {
  return keys
    .split('/')
    .reduce<unknown>(
      (inside, key) => (inside as Readonly<Record<string, unknown>> | undefined)?.[key],
      value,
    );
}

describe.skipIf(kfpPython === undefined)("where KFP's Python compiler is wrong", () => {
  let compared: ReadonlyMap<string, Compared> = new Map();

  beforeAll(async () => {
    compared = await compareWithPython(pairs);
  }, 600_000);

  test.each(pairs)('$name: ours is right', ({ name, differs }) => {
    const { difference = '', faults, spec } = compared.get(name) ?? {};
    expect(faults).toBe('');
    expect(difference).not.toBe('');
    expect(difference).toContain(differs.refused ?? differs.python ?? '');
    expect(spec === undefined).toBe(differs.refused !== undefined);
    const said = Object.keys(differs.ours ?? {}).map((keys) => [keys, at(spec, keys) ?? null]);
    expect(Object.fromEntries(said)).toEqual(differs.ours ?? {});
  });
});
