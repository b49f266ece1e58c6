/** Any pipeline that the language can say compiles to a document that holds together, for KFP too, and always to the same one. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';
import { differencesOf } from '../spec/oracle.ts';
import { testProject } from './project.ts';
import { declarations, programText, programs } from './random-pipeline.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** The same programs each time, so that a change is judged by what it changes; FERRULE_TEST_SEED makes others. */
const seed = Number(process.env['FERRULE_TEST_SEED'] ?? 17);
const samples = fc
  .sample(programs, { numRuns: 16, seed })
  .map((program, index) => ({ name: `p${index}`, program }));
const source = declarations + samples.map(({ program, name }) => programText(program, name)).join('\n');
const names = samples.map(({ name }) => name);
const project = testProject({ 'pipeline.ts': source });

/** Compiles one pipeline of the file to text. */
async function compiled(name: string, from = project): Promise<string> {
  return writePipelineYaml((await from.compile('pipeline.ts', {}, name)).compiled);
}

test('TypeScript takes them all', () => {
  const tsc = path.join(root, 'node_modules', 'tsgo', 'bin', 'tsc');
  writeFileSync(
    path.join(project.root, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2023', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ['node'],
        paths: { ferrule: [path.join(root, 'sdk', 'index.ts')] },
      }, // prettier-ignore
      files: ['pipeline.ts'],
    }),
  );
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', project.root, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: project.root,
  });
  expect(stdout).toBe('');
});

test.each(names)(`%s of seed ${seed} compiles, holds together, and reads as it was written`, async (name) => {
  const text = await compiled(name);
  expect(writePipelineYaml(readPipelineDocument(text, `${name}.yaml`))).toBe(text);
  writeFileSync(path.join(project.root, `${name}.yaml`), text);
  expect(await compiled(name)).toBe(text);
});

test('another folder makes no difference', async () => {
  const other = testProject({ 'pipeline.ts': source });
  for (const name of names.slice(0, 5)) expect(await compiled(name, other)).toBe(await compiled(name));
});

test('another process makes no difference', async () => {
  for (const name of names.slice(0, 3)) {
    const { stdout } = spawnSync(
      process.execPath,
      [path.join(root, 'bin', 'ferrule.mjs'), 'compile', 'pipeline.ts', '--pipeline', name, '-o', '-'],
      { cwd: project.root, encoding: 'utf8', env: { ...process.env, FERRULE_NO_BUILD: '1' } },
    );
    const document = readPipelineDocument(stdout, `${name}.yaml`);
    expect(stdout).toBe(writePipelineYaml(document, { header: true }));
    expect(writePipelineYaml(document)).toBe(await compiled(name));
  }
});

test.skipIf(kfpPython === undefined)('KFP takes them all', () => {
  const files = names.map((name) => path.join(project.root, `${name}.yaml`));
  expect(differencesOf(files.map((file) => [file, file] as const))).toEqual(files.map(() => ''));
});
