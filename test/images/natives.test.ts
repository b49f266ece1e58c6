import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLockfile, type Lockfile } from '../../compiler/index.ts';
import { cutNatives, packagesIn } from '../../images/natives.ts';

const root = resolve(import.meta.dirname, '..', '..');
const own = readLockfile(root);
const native = (name: string) => ({ name, folder: join(root, 'node_modules', name) });

function lockOf(packages: Lockfile['packages']): Lockfile {
  return {
    file: '/project/package-lock.json',
    packages,
    placeOf: (folder) => {
      const place = folder.slice('/project/'.length);
      return packages[place] === undefined ? undefined : place;
    },
  };
}

describe('packages for an image', () => {
  it('are those of the lockfile that run on its kind of machine, with version and integrity', () => {
    const cut = cutNatives([native('sharp')], own, { cpu: 'arm64', libc: 'musl' });
    const names = packagesIn(cut).map((name) => name.replace(/@[\d.]+$/, ''));
    expect(names).toEqual([
      '@img/colour',
      '@img/sharp-libvips-linuxmusl-arm64',
      '@img/sharp-linuxmusl-arm64',
      'detect-libc',
      'semver',
      'sharp',
    ]);
    const { packages } = JSON.parse(cut.lock) as Lockfile;
    expect(packages['node_modules/sharp']?.integrity).toBe(own?.packages['node_modules/sharp']?.integrity);
    expect(Object.keys(packages['node_modules/sharp']?.optionalDependencies ?? {})).toEqual([
      '@img/sharp-libvips-linuxmusl-arm64',
      '@img/sharp-linuxmusl-arm64',
    ]);
  });

  it('are left for npm to choose from where the machine is not known', () => {
    const names = packagesIn(cutNatives([native('sharp')], own, {})).join(' ');
    expect(names).toMatch(/sharp-linux-x64/);
    expect(names).toMatch(/sharp-linuxmusl-arm64/);
    expect(names).not.toMatch(/darwin|win32/);
  });

  it('are installed by npm ci as they are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-natives-'));
    const cut = cutNatives([native('sharp'), native('onnxruntime-node')], own, { cpu: 'x64', libc: 'glibc' });
    writeFileSync(join(folder, 'package.json'), cut.manifest);
    writeFileSync(join(folder, 'package-lock.json'), cut.lock);
    const npm = ['ci', '--omit=dev', '--ignore-scripts', '--dry-run', '--no-audit', '--no-fund'];
    execFileSync('npm', npm, { cwd: folder, stdio: 'pipe' });
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(cut.lock);
  });

  it('keep two versions of a package apart, and lose the marks of why the project has them', () => {
    const marks = { dev: true, devOptional: true, peer: true };
    const lockfile = lockOf({
      'node_modules/a': { version: '1.0.0', dependencies: { c: '1' }, ...marks },
      'node_modules/b': { version: '1.0.0', dependencies: { c: '2' }, optionalDependencies: { d: '1' } },
      'node_modules/b/node_modules/c': { version: '2.0.0' },
      'node_modules/c': { version: '1.0.0', ...marks },
      'node_modules/d': { version: '1.0.0', optional: true },
      'node_modules/other': { version: '1.0.0' },
    });
    const at = (name: string) => ({ name, folder: `/project/node_modules/${name}` });
    const { packages } = JSON.parse(cutNatives([at('a'), at('b')], lockfile, {}).lock) as Lockfile;
    expect(packages).toEqual({
      '': { name: 'natives', version: '0.0.0', dependencies: { a: '1.0.0', b: '1.0.0' } },
      'node_modules/a': { version: '1.0.0', dependencies: { c: '1' } },
      'node_modules/b': { version: '1.0.0', dependencies: { c: '2' }, optionalDependencies: { d: '1' } },
      'node_modules/b/node_modules/c': { version: '2.0.0' },
      'node_modules/c': { version: '1.0.0' },
      'node_modules/d': { version: '1.0.0', optional: true },
    });
  });

  it('are refused where no lockfile fixes them, or two components need two versions', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-natives-'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "a", "version": "1.0.0" }');
    const a = { name: 'a', folder };
    expect(() => cutNatives([a], undefined, {})).toThrow('there is no package-lock.json');
    expect(() => cutNatives([a], lockOf({}), {})).toThrow('does not know the package "a" 1.0.0');
    const packages = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/x/node_modules/a': { version: '2.0.0' },
    };
    // The same version as the project's, from elsewhere.
    expect(packagesIn(cutNatives([a], lockOf(packages), {}))).toEqual(['a@1.0.0']);
    const two = [a, { name: 'a', folder: '/project/node_modules/x/node_modules/a' }];
    expect(() => cutNatives(two, lockOf(packages), {})).toThrow('need two versions of "a"');
  });
});
