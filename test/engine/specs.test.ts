/** The documents of specs/ are what Python's kfp makes of the file beside them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { kfpPython } from '../counterparts.ts';

const specs = fileURLToPath(new URL('./specs/', import.meta.url));

describe.skipIf(kfpPython === undefined)('specs/flow.py', () => {
  it('compiles to the documents beside it', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-specs-'));
    try {
      await promisify(execFile)(kfpPython ?? '', ['-W', 'ignore', join(specs, 'flow.py'), folder]);
      const names = (await readdir(specs)).filter((name) => name.endsWith('.yaml')).sort();
      expect((await readdir(folder)).sort()).toEqual(names);
      for (const name of names) {
        const read = async (from: string) =>
          readPipelineDocument(await readFile(join(from, name), 'utf8'), name);
        expect(await read(folder), name).toEqual(await read(specs));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
