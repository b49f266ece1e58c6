/** npm's lockfile: which packages a project has, and at what place each package finds those that it depends on. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ancestors } from '../project.ts';

/** A package as `package-lock.json` has it. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  /** Absolute path. */
  readonly file: string;
  /** By place, such as `node_modules/sharp`. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
  /** The place of a package's folder in the lockfile; undefined where the lockfile does not know it. */
  placeOf(folder: string): string | undefined;
}

/** Reads the nearest lockfile at a folder or above it; undefined where there is none. */
export function readLockfile(root: string): Lockfile | undefined {
  const lockFolder = ancestors(root).find((folder) => existsSync(path.join(folder, 'package-lock.json')));
  if (lockFolder === undefined) return undefined;
  const file = path.join(lockFolder, 'package-lock.json');
  const { packages = {} } = JSON.parse(readFileSync(file, 'utf8')) as { packages?: Lockfile['packages'] };
  return {
    file,
    packages,
    placeOf: (folder) => {
      const place = path.relative(lockFolder, folder).split(path.sep).join('/');
      return packages[place] === undefined ? undefined : place;
    },
  };
}

/** Lists all that a package may depend on, by name. */
export function dependencyNames(entry: LockedPackage): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = entry;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** Takes the folders off a place: `node_modules/a/node_modules/@b/c` gives `@b/c`. */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Finds the place of a package as Node would from inside another; undefined where it is not installed. */
export function resolvePlace(name: string, from: string, packages: Lockfile['packages']): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const candidate = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (base === '') return undefined;
    if (!base.includes('/node_modules/')) base = '';
    if (base === '')
      return packages[`node_modules/${name}`] === undefined ? undefined : `node_modules/${name}`;
  }
}
