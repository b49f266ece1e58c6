import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../cli/result.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ferrule-package-')));
const project = join(folder, 'project');
const modules = join(project, 'node_modules');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (program: string, args: readonly string[], cwd: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, [...args], { cwd, maxBuffer: 1e8 });
  return stdout;
};
const ferrule = (...args: readonly string[]): Promise<string> =>
  run(process.execPath, [join(modules, 'ferrule', 'bin', 'ferrule.mjs'), ...args], project);

/** Puts the packed package into a project, and this checkout's other packages beside it. */
beforeAll(async () => {
  mkdirSync(modules, { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  await run('tar', ['-xzf', join(folder, 'ferrule-0.1.0.tgz'), '-C', modules], folder);
  await run('mv', ['package', 'ferrule'], modules);
  for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
});

describe('the package as it is published', () => {
  it('holds no source of its own but the flagship', () => {
    const names = readdirSync(join(modules, 'ferrule')).sort();
    expect(names).toContain('pipeline.ts');
    expect(names).not.toContain('compiler');
    expect(readdirSync(join(modules, 'ferrule', 'bin'))).toEqual(['ferrule.mjs']);
  });

  it('compiles and runs a pipeline, with workers and code for specs from what it holds', async () => {
    writeFileSync(
      join(project, 'pipeline.ts'),
      `import { component, int, pipeline, type Int } from 'ferrule';
       export const double = component({}, ({ n }: { n: Int }): Int => n * 2);
       export default pipeline('doubles', { n: int(4) }, ({ n }) => ({ result: double({ n }).outputs.Output }));`,
    );
    const result = JSON.parse(await ferrule('run', 'pipeline.ts', '--json')) as RunResult;
    expect(result).toMatchObject({ status: 'succeeded', outputs: { result: 8 } });
    await ferrule('compile', 'pipeline.ts', '-o', 'compiled.yaml');
    rmSync(join(project, '.ferrule'), { recursive: true });
    const again = JSON.parse(await ferrule('run', 'compiled.yaml', '--json')) as RunResult;
    expect(again.outputs).toEqual({ result: 8 });
  });

  it('makes a new project that names its own version', async () => {
    await ferrule('init', 'mine');
    expect(readdirSync(join(project, 'mine'))).toContain('pipeline.ts');
    const manifest = await run('cat', ['package.json'], join(project, 'mine'));
    expect(JSON.parse(manifest)).toMatchObject({ dependencies: { ferrule: '^0.1.0' } });
  });
});
