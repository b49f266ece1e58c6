import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { testProject } from './project.ts';

const command = path.join(import.meta.dirname, '..', '..', 'bin', 'ferrule.mjs');

test('a compile after which nothing changed starts no esbuild; one after an edit does', () => {
  const project = testProject({
    'steps.ts': `import { component } from 'ferrule';\nexport const step = component({ image: 'a' }, () => {});\n`,
    'pipeline.ts': `import { pipeline } from 'ferrule';\nimport { step } from './steps.ts';\nexport default pipeline('p', {}, () => { step({}); });\n`,
  });
  const output = path.join(project.root, 'p.yaml');
  const compile = (env: Readonly<Record<string, string>> = {}): number | null =>
    spawnSync(process.execPath, [command, 'compile', path.join(project.root, 'pipeline.ts'), '-o', output], {
      env: { ...process.env, FERRULE_NO_BUILD: '1', ...env },
    }).status;
  // A program that is no esbuild: whoever starts it fails.
  const withoutEsbuild = { ESBUILD_BINARY_PATH: process.execPath };
  expect(compile()).toBe(0);
  const cold = readFileSync(output, 'utf8');
  expect(compile(withoutEsbuild)).toBe(0);
  expect(readFileSync(output, 'utf8')).toBe(cold);
  project.write({
    'pipeline.ts': `${readFileSync(path.join(project.root, 'pipeline.ts'), 'utf8')}\nexport const more = 1;\n`,
  });
  expect(compile(withoutEsbuild)).not.toBe(0);
  expect(compile()).toBe(0);
});
