import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const command = join(root, 'bin', 'ferrule.mjs');
const folder = mkdtempSync(join(tmpdir(), 'ferrule-init-'));
const project = join(folder, 'my weather');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (program: string, args: readonly string[], cwd = project): Promise<string> => {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    FERRULE_NO_BUILD: '1',
    VITEST: undefined,
    NODE_ENV: undefined,
  };
  const { stdout } = await promisify(execFile)(program, [...args], { cwd, env, maxBuffer: 1e8 });
  return stdout;
};

/** Does what `npm install` would: the packages that the manifest names, from this checkout's. */
function install(): void {
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const name of names) {
    mkdirSync(resolve(modules, name, '..'), { recursive: true });
    symlinkSync(name === 'ferrule' ? root : join(root, 'node_modules', name), join(modules, name));
  }
  symlinkSync(command, join(modules, '.bin', 'ferrule'));
}

describe('ferrule init', () => {
  it('makes the layout of the flagship in a new folder', async () => {
    expect(await run(process.execPath, [command, 'init', 'my weather'], folder)).toContain('npm start');
    expect(readdirSync(project).sort()).toEqual([
      '.env.example',
      '.gitignore',
      '.npmrc',
      'Dockerfiles',
      'README.md',
      'backbones',
      'components',
      'package.json',
      'pipeline.ts',
      'test',
      'tsconfig.json',
    ]);
    expect(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))).toMatchObject({
      name: 'my-weather',
    });
  });

  it('refuses a folder that holds something, and touches nothing there', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'mine'), 'x');
    await expect(run(process.execPath, [command, 'init', full], folder)).rejects.toThrow('FER1004');
    expect(readdirSync(full)).toEqual(['mine']);
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('gives a project that passes its type check and its own tests, compiles and plans', async () => {
    install();
    expect(await run(process.execPath, [join(root, 'node_modules/tsgo/bin/tsc'), '--noEmit'])).toBe('');
    expect(await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run'])).toContain(
      '2 passed',
    );
    const plan = await run(process.execPath, [
      command,
      'plan',
      'pipeline.ts',
      '-p',
      'data_bucket=sample:weather',
    ]);
    expect(plan).toMatch(/data-prep\s+runs/);
    expect(existsSync(join(project, '.ferrule', 'cache'))).toBe(true);
  });
});
