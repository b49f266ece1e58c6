import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compilePipeline } from '../../compiler/index.ts';
import { UserErrors } from '../../errors/index.ts';

const folder = path.join(import.meta.dirname, 'broken');
const goldens = path.join(import.meta.dirname, 'goldens');
const cacheFolder = path.join(mkdtempSync(path.join(tmpdir(), 'ferrule-broken-')), 'cache');
const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));

async function diagnosticsOf(name: string): Promise<string> {
  try {
    await compilePipeline({
      file: path.join(folder, name),
      projectRoot: folder,
      cacheFolder,
      env: { API_TOKEN: 'hunter2-of-the-test' },
    });
  } catch (error) {
    if (error instanceof UserErrors) return `${error.message}\n`;
    throw error;
  }
  return 'no fault was found\n';
}

test.each(names)('%s gives the diagnostics that its golden holds', async (name) => {
  const golden = path.join(goldens, name.replace(/\.ts$/, '.txt'));
  const found = await diagnosticsOf(name);
  if (!existsSync(golden) && process.env['FERRULE_WRITE_GOLDENS'] === '1') writeFileSync(golden, found);
  expect(found).toBe(readFileSync(golden, 'utf8'));
});

test('the same faults are found again when everything else comes from the cache', async () => {
  expect(await diagnosticsOf('ill-typed-input.ts')).toBe(await diagnosticsOf('ill-typed-input.ts'));
});
