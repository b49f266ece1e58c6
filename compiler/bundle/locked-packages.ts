/**
 * The versions behind the digest of the packages that bundles leave out, kept in the project's cache: whoever runs a
 * component with packages of this machine can tell whether they are those that its cache key says.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hexOf, type Digest } from '../../spec/index.ts';
import { writeWhole } from '../cache-file.ts';

/** A package in its place. */
export interface KeptPackage {
  readonly name: string;
  /** Relative to the project. */
  readonly folder: string;
  readonly version: string;
}

function fileOf(cacheFolder: string, natives: Digest): string {
  return path.join(cacheFolder, 'natives', `${hexOf(natives)}.json`);
}

export function hasLockedPackages(cacheFolder: string, natives: Digest): boolean {
  return existsSync(fileOf(cacheFolder, natives));
}

export function keepLockedPackages(
  cacheFolder: string,
  natives: Digest,
  packages: readonly KeptPackage[],
): void {
  writeWhole(fileOf(cacheFolder, natives), JSON.stringify(packages));
}

/**
 * Tells how the packages that are installed differ from those behind a digest, in words for people; undefined where
 * they do not. Packages for other machines are not installed here, and say nothing.
 * @param root the project's folder
 */
export function differenceFromLocked(cacheFolder: string, root: string, natives: Digest): string | undefined {
  let packages: readonly KeptPackage[];
  try {
    packages = JSON.parse(readFileSync(fileOf(cacheFolder, natives), 'utf8')) as readonly KeptPackage[];
  } catch {
    return 'it was compiled elsewhere, so that nobody knows here which versions its packages should have';
  }
  for (const { name, folder, version } of packages) {
    const installed = versionIn(path.resolve(root, folder));
    if (installed !== undefined && installed !== version)
      return `${name} ${installed} is installed and package-lock.json has ${version}: npm ci installs that`;
  }
  return undefined;
}

function versionIn(folder: string): string | undefined {
  try {
    const manifest = readFileSync(path.join(folder, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { readonly version?: string }).version;
  } catch {
    return undefined;
  }
}
