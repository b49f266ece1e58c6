import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../cli/result.ts';
import { dockerEngine, kfpPython } from './counterparts.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'examples');
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const twins = examples.filter((name) => existsSync(join(folder, name, 'pipeline.py')));
const pipelineRoot = mkdtempSync(join(tmpdir(), 'ferrule-examples-'));
afterAll(() => rmSync(pipelineRoot, { recursive: true, force: true }));

/** What some examples are given, and cannot run without. */
const needs: Readonly<Record<string, { readonly given?: readonly string[]; readonly absent?: boolean }>> = {
  containers: {
    given: ['--param', `image=${process.env['FERRULE_TEST_SHELL_IMAGE'] ?? 'alpine:3.20'}`],
    absent: dockerEngine === undefined,
  },
  importer: { given: ['--param', `where=${join(folder, 'importer', 'measurements.csv')}`] },
  python: { absent: kfpPython === undefined },
};

function expectedOf(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8'));
}

describe('each example', () => {
  for (const name of examples)
    it.skipIf(needs[name]?.absent === true)(`${name} compiles, runs and gives what it says`, async () => {
      const { stdout } = await run(
        process.execPath,
        [
          join(root, 'bin', 'ferrule.mjs'),
          'run',
          join(folder, name, 'pipeline.ts'),
          '--root',
          pipelineRoot,
          '--json',
          ...(needs[name]?.given ?? []),
        ],
        { env: { ...process.env, ...(kfpPython !== undefined && { FERRULE_PYTHON: kfpPython }) } },
      );
      const result = JSON.parse(stdout) as RunResult;
      expect(result.status).toBe('succeeded');
      expect(result.outputs).toMatchObject(expectedOf(name) as object);
    });

  it('is listed in the overview', () => {
    const overview = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const name of examples) expect(overview).toContain(`(${name}/pipeline.ts)`);
  });
});

describe.skipIf(kfpPython === undefined)('the same example in Python, run by kfp.local', () => {
  let outputs: Readonly<Record<string, unknown>> = {};

  beforeAll(async () => {
    const files = twins.map((name) => join(folder, name, 'pipeline.py'));
    const { stdout } = await run(kfpPython ?? '', [join(import.meta.dirname, 'run-examples.py'), ...files], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    outputs = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  });

  it.each(twins)('%s gives the same', (name) => {
    expect(outputs[join(folder, name, 'pipeline.py')]).toEqual(expectedOf(name));
  });
});
