/** Cuts a project's lockfile down to the packages that bundles leave out, so that an image installs these alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dependencyNames,
  nameAt,
  resolvePlace,
  type LockedPackage,
  type Lockfile,
  type NativePackage,
} from '../compiler/index.ts';
import { UserError } from '../errors/index.ts';

/** The machine that an image is for, as far as it is known. */
export interface Target {
  /** As Node.js calls it, such as `x64`. */
  readonly cpu?: string;
  readonly libc?: 'glibc' | 'musl';
}

/** What `npm ci` needs. */
export interface NativesFolder {
  /** `package.json` */
  readonly manifest: string;
  /** `package-lock.json` */
  readonly lock: string;
}

interface Placed {
  /** In the project's lockfile. */
  readonly source: string;
  /** In the image's. */
  readonly place: string;
}

/**
 * Makes `package.json` and `package-lock.json` with packages and all that they depend on, versions and integrity as
 * in the project's lockfile. Packages for other platforms are left out.
 * @throws UserError FER6105 where the lockfile does not know a package, or two components need two versions of it
 */
export function cutNatives(
  natives: readonly NativePackage[],
  lockfile: Lockfile | undefined,
  target: Target,
): NativesFolder {
  const start = natives.map(({ name, folder }) => ({ name, source: placeIn(lockfile, name, folder) }));
  const packages = lockfile?.packages ?? {};
  const placed = new Map<string, Placed>();
  const dependencies: Record<string, string> = {};
  for (const { name, source } of start) {
    const place = `node_modules/${name}`;
    const other = placed.get(place);
    if (other !== undefined && other.source !== source)
      throw new UserError('FER6105', {
        problem: `two components of one image need two versions of "${name}"`,
        fix: 'give them images of their own, or let the project have one version',
      });
    placed.set(place, { source, place });
    dependencies[name] = requested(name, packages[source]);
  }
  const strict = new Set(placed.keys());
  for (const { source, place } of placed.values()) {
    const entry = packages[source] ?? {};
    for (const name of dependencyNames(entry)) {
      const found = resolvePlace(name, source, packages);
      if (found === undefined || !suits(packages[found] ?? {}, target)) continue;
      const at = placeFor(name, found, place, placed);
      placed.set(at, placed.get(at) ?? { source: found, place: at });
      if (strict.has(place) && entry.optionalDependencies?.[name] === undefined) strict.add(at);
    }
  }
  const entries = [...placed.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
  const root = { name: 'natives', version: '0.0.0', private: true, dependencies };
  return {
    manifest: write(root),
    lock: write({
      name: root.name,
      version: root.version,
      lockfileVersion: 3,
      requires: true,
      packages: Object.fromEntries([
        ['', { name: root.name, version: root.version, dependencies }],
        ...entries.map(({ source, place }) => [
          place,
          entryFor(packages[source] ?? {}, { source, packages, target, optional: !strict.has(place) }),
        ]),
      ]),
    }),
  };
}

function placeIn(lockfile: Lockfile | undefined, name: string, folder: string): string {
  const place = lockfile?.placeOf(folder);
  if (place !== undefined && lockfile?.packages[place]?.link !== true) return place;
  const { version = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as LockedPackage;
  // Ferrule's own modules may run from elsewhere than the project: the project's package of that version is the same.
  const own = `node_modules/${name}`;
  if (lockfile?.packages[own]?.version === version) return own;
  throw new UserError('FER6105', {
    problem:
      lockfile === undefined
        ? `there is no package-lock.json, so the version of "${name}" in the image is not fixed`
        : `${lockfile.file} does not know the package "${name}" ${version}, which lies at ${folder}`,
    fix:
      lockfile === undefined
        ? 'make one: npm install --package-lock-only'
        : `let the project have it: npm install ${name}@${version}`,
  });
}

/** An alias in package.json has a package under another name. */
function requested(name: string, entry: LockedPackage & { readonly name?: string } = {}): string {
  const version = entry.version ?? '*';
  return entry.name === undefined || entry.name === name ? version : `npm:${entry.name}@${version}`;
}

/** As high as it goes: two versions of a package get places of their own. */
function placeFor(name: string, source: string, from: string, placed: ReadonlyMap<string, Placed>): string {
  const top = `node_modules/${name}`;
  const taken = placed.get(top);
  return taken === undefined || taken.source === source ? top : `${from}/node_modules/${name}`;
}

/** Whether npm would install a package on the target; where that is not known, it is left to npm. */
function suits({ os, cpu, libc }: LockedPackage, target: Target): boolean {
  return allows(os, 'linux') && allows(cpu, target.cpu) && allows(libc, target.libc);
}

function allows(list: readonly string[] | undefined, value: string | undefined): boolean {
  if (list === undefined || list.length === 0 || value === undefined) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((item) => item.startsWith('!'));
}

interface EntryContext {
  readonly source: string;
  readonly packages: Lockfile['packages'];
  readonly target: Target;
  readonly optional: boolean;
}

/** A package's entry without what was left out, and without marks of why the project has it. */
function entryFor(
  { optionalDependencies, ...entry }: LockedPackage,
  { source, packages, target, optional }: EntryContext,
): object {
  const marks = ['dev', 'devOptional', 'optional', 'peer', 'extraneous', 'license', 'funding'];
  const kept = Object.fromEntries(Object.entries(entry).filter(([key]) => !marks.includes(key)));
  const options = Object.entries(optionalDependencies ?? {}).filter(([name]) => {
    const found = resolvePlace(name, source, packages);
    return found !== undefined && suits(packages[found] ?? {}, target);
  });
  return {
    ...kept,
    ...(options.length > 0 && { optionalDependencies: Object.fromEntries(options) }),
    ...(optional && { optional: true }),
  };
}

function write(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Names the packages of a cut lockfile: for messages. */
export function packagesIn({ lock }: NativesFolder): string[] {
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, LockedPackage>> };
  return Object.entries(packages)
    .filter(([place]) => place !== '')
    .map(([place, { version }]) => `${nameAt(place)}@${version ?? ''}`);
}
