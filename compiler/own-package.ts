/** The package that is compiling: its version, and where what it puts into bundles lies. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, hexOf } from '../spec/index.ts';
import { ancestors } from './project.ts';

interface OwnPackage {
  readonly folder: string;
  readonly version: string;
  /** Sets cache entries of different builds of the compiler apart. */
  readonly build: string;
}

let known: OwnPackage | undefined;

export function ownPackage(): OwnPackage {
  known ??= find();
  return known;
}

function find(): OwnPackage {
  for (const folder of ancestors(path.dirname(fileURLToPath(import.meta.url)))) {
    const file = path.join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    if (name !== 'ferrule' || version === undefined) continue;
    const stamp = path.join(folder, 'dist', '.stamp');
    const build = existsSync(stamp) ? hexOf(digestOf(readFileSync(stamp))).slice(0, 16) : 'published';
    return { folder, version, build: `${version} ${build}` };
  }
  throw new Error('the package.json of ferrule is missing');
}

/**
 * Finds a module of the package by its path without extension, such as `sdk/bundle-shim`: its source in a checkout,
 * else what was built from it. Always the same one of the two, so that bundles do not depend on how Ferrule runs.
 */
export function ownModule(name: string): string {
  const { folder } = ownPackage();
  const source = path.join(folder, `${name}.ts`);
  return existsSync(source) ? source : path.join(folder, 'dist', `${name}.js`);
}

/** Modules that user code imports by the package's name, apart from the SDK itself. */
export const publicModules: Readonly<Record<string, string>> = {
  'ferrule/onnx': 'onnx/index',
  'ferrule/data': 'stores/locations/index',
};
