/** Digests the versions of the packages that a bundle leaves out, with all that they depend on, from the lockfile. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compareText, digestOf, type Digest } from '../../spec/index.ts';
import { ancestors } from '../project.ts';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface NativesDigest {
  readonly digest: Digest;
  /** Absolute paths of the files it was read from. */
  readonly files: readonly string[];
}

/**
 * Digests packages by name, version and integrity. Packages for other platforms count by their lock entries, so that
 * a laptop and a cluster agree. Where no npm lockfile knows a package, its installed version counts.
 * @param natives folders by package name
 * @returns undefined where there are no packages
 */
export function nativesDigest(natives: ReadonlyMap<string, string>, root: string): NativesDigest | undefined {
  if (natives.size === 0) return undefined;
  const lockFolder = ancestors(root).find((folder) => existsSync(path.join(folder, 'package-lock.json')));
  const lockFile = lockFolder === undefined ? undefined : path.join(lockFolder, 'package-lock.json');
  const locked = lockFile === undefined ? {} : readLock(lockFile);
  const files = new Set(lockFile === undefined ? [] : [lockFile]);
  const lines = new Set<string>();
  for (const [name, folder] of natives) {
    const start =
      lockFolder === undefined ? undefined : path.relative(lockFolder, folder).split(path.sep).join('/');
    if (start !== undefined && locked[start] !== undefined) collect(start, locked, lines);
    else {
      const manifest = path.join(folder, 'package.json');
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as LockedPackage;
      files.add(manifest);
      lines.add(`${name} ${version ?? ''}`);
    }
  }
  return { digest: digestOf([...lines].sort(compareText).join('\n')), files: [...files] };
}

function readLock(file: string): Readonly<Record<string, LockedPackage>> {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages?: Readonly<Record<string, LockedPackage>>;
  };
  return packages ?? {};
}

/** Adds a package and, transitively, all that it depends on, each found as Node would find it. */
function collect(start: string, locked: Readonly<Record<string, LockedPackage>>, lines: Set<string>): void {
  const seen = new Set([start]);
  for (const at of seen) {
    const entry = locked[at];
    if (entry === undefined) continue;
    const name = at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);
    lines.add(`${name} ${entry.version ?? ''} ${entry.integrity ?? entry.resolved ?? ''}`);
    const wanted = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
    for (const dependency of Object.keys(wanted)) {
      const place = lockPlace(dependency, at, locked);
      if (place !== undefined) seen.add(place);
    }
  }
}

function lockPlace(
  name: string,
  from: string,
  locked: Readonly<Record<string, LockedPackage>>,
): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const candidate = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (locked[candidate] !== undefined) return candidate;
    if (base === '') return undefined;
    if (!base.includes('/node_modules/')) base = '';
    if (base === '') return locked[`node_modules/${name}`] === undefined ? undefined : `node_modules/${name}`;
  }
}
