import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../cli/result.ts';

const root = resolve(import.meta.dirname, '..');
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const folder = mkdtempSync(join(tmpdir(), 'ferrule-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('each example', () => {
  it.each(examples)('%s compiles, runs and gives what it says', async (name) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(root, 'bin', 'ferrule.mjs'),
      'run',
      join(root, 'examples', name, 'pipeline.ts'),
      '--root',
      folder,
      '--json',
    ]);
    const result = JSON.parse(stdout) as RunResult;
    const expected: unknown = JSON.parse(readFileSync(join(root, 'examples', name, 'expected.json'), 'utf8'));
    expect(result.status).toBe('succeeded');
    expect(result.outputs).toMatchObject(expected as object);
  });

  it('is listed in the overview', () => {
    const overview = readFileSync(join(root, 'examples', 'README.md'), 'utf8');
    for (const name of examples) expect(overview).toContain(`(${name}/pipeline.ts)`);
  });
});
