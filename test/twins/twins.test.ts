import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { kfpPython } from '../counterparts.ts';
import { compareWithPython, pairsIn, type Compared } from './compare-with-python.ts';

const root = path.join(import.meta.dirname, '..', '..');
const pairs = pairsIn(import.meta.dirname);
const alone = [
  { name: 'flagship', file: path.join(root, 'pipeline.ts'), python: null },
  { name: 'lightweight', file: path.join(root, 'examples', 'words', 'pipeline.ts'), python: null },
];

describe.skipIf(kfpPython === undefined)('the same pipeline in Python, compiled by the real KFP', () => {
  let compared: ReadonlyMap<string, Compared> = new Map();

  beforeAll(async () => {
    compared = await compareWithPython([...pairs, ...alone]);
  }, 600_000);

  test.each(pairs)('$name is the same message, and sound', ({ name }) => {
    expect(compared.get(name)).toMatchObject({ difference: '', faults: '' });
  });

  test.each(alone)('$name, which has no twin, parses strictly', ({ name }) => {
    expect(compared.get(name)?.difference).toBe('');
  });

  test('there are enough of them', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(180);
  });
});
