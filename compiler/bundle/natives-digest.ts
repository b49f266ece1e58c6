/** Digests the versions of the packages that a bundle leaves out, with all that they depend on, from the lockfile. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compareText, digestOf, type Digest } from '../../spec/index.ts';
import type { KeptPackage } from './locked-packages.ts';
import { dependencyNames, nameAt, readLockfile, resolvePlace, type Lockfile } from './lockfile.ts';

export interface NativesDigest {
  readonly digest: Digest;
  /** Absolute paths of the files it was read from. */
  readonly files: readonly string[];
  readonly packages: readonly KeptPackage[];
}

/**
 * Digests packages by name, version and integrity. Packages for other platforms count by their lock entries, so that
 * a laptop and a cluster agree. Where no npm lockfile knows a package, its installed version counts.
 * @param natives folders by package name
 * @returns undefined where there are no packages
 */
export function nativesDigest(natives: ReadonlyMap<string, string>, root: string): NativesDigest | undefined {
  if (natives.size === 0) return undefined;
  const lockfile = readLockfile(root);
  const files = new Set(lockfile === undefined ? [] : [lockfile.file]);
  const lines = new Set<string>();
  const packages: KeptPackage[] = [];
  for (const [name, folder] of natives) {
    const start = lockfile?.placeOf(folder);
    if (lockfile !== undefined && start !== undefined) collect(start, lockfile, root, lines, packages);
    else {
      const manifest = path.join(folder, 'package.json');
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string };
      files.add(manifest);
      if (version !== undefined) packages.push({ name, folder: path.relative(root, folder), version });
      lines.add(`${name} ${version ?? ''}`);
    }
  }
  return { digest: digestOf([...lines].sort(compareText).join('\n')), files: [...files], packages };
}

/** Adds a package and, transitively, all that it depends on, each found as Node would find it. */
function collect(
  start: string,
  { file, packages }: Lockfile,
  root: string,
  lines: Set<string>,
  found: KeptPackage[],
): void {
  const seen = new Set([start]);
  for (const at of seen) {
    const entry = packages[at];
    if (entry === undefined) continue;
    lines.add(`${nameAt(at)} ${entry.version ?? ''} ${entry.integrity ?? entry.resolved ?? ''}`);
    if (entry.version !== undefined) {
      const folder = path.relative(root, path.join(path.dirname(file), at));
      found.push({ name: nameAt(at), folder, version: entry.version });
    }
    for (const dependency of dependencyNames(entry)) {
      const place = resolvePlace(dependency, at, packages);
      if (place !== undefined) seen.add(place);
    }
  }
}
