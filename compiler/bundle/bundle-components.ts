/** Bundles each component's code by itself into a folder named by its content, and keeps what it found in the cache. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Location } from '../../errors/index.ts';
import type { Digest } from '../../spec/index.ts';
import { compareText, hexOf } from '../../spec/index.ts';
import { cacheKey, readEntry, writeWhole, type CacheEntry } from '../cache-file.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { FileRecorder } from '../file-record.ts';
import type { ComponentInterface } from '../interfaces/component-interface.ts';
import type { ComponentSettings } from '../options/component-settings.ts';
import { ownPackage } from '../own-package.ts';
import { storeBundle } from './bundle-folder.ts';
import { hasLockedPackages, keepLockedPackages } from './locked-packages.ts';
import { nativesDigest } from './natives-digest.ts';

/** A component to bundle. */
export interface BundleRequest {
  readonly component: ComponentInterface;
  readonly settings: ComponentSettings;
  /** Where a fault of the component as a whole is shown. */
  readonly place: () => Location;
}

export interface Bundle {
  /** Digest of the folder: the component's code digest. */
  readonly digest: Digest;
  /** Absolute path. */
  readonly folder: string;
  /** The packages left out, sorted by name. */
  readonly natives: readonly NativePackage[];
  /** Digest of the left out packages' versions, where there are any. */
  readonly nativesDigest?: Digest;
  /** Absolute paths of all files that had a say. */
  readonly readFiles: readonly string[];
}

/** A package that a bundle leaves out. */
export interface NativePackage {
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
}

interface BundleEntry extends CacheEntry {
  readonly digest: Digest;
  /** Folders relative to the project, so that a project may be moved. */
  readonly natives: readonly NativePackage[];
  readonly nativesDigest?: Digest;
}

/** Bundles components. Those with faults are reported and missing in the result. */
export async function bundleComponents(
  requests: readonly BundleRequest[],
  { root, cacheFolder }: { readonly root: string; readonly cacheFolder: string },
  diagnostics: Diagnostics,
): Promise<ReadonlyMap<ComponentInterface, Bundle>> {
  const compiler = ownPackage().build;
  const bundles = new Map<ComponentInterface, Bundle>();
  const entryFile = ({ component, settings }: BundleRequest): string => {
    const key = [component.file, component.name, settings.external, settings.assets];
    return path.join(cacheFolder, 'components', `${cacheKey(key)}.json`);
  };
  const take = (request: BundleRequest, entry: BundleEntry): void => {
    bundles.set(request.component, {
      digest: entry.digest,
      folder: path.join(cacheFolder, 'bundles', hexOf(entry.digest)),
      natives: entry.natives.map(({ name, folder }) => ({ name, folder: path.resolve(root, folder) })),
      ...(entry.nativesDigest && { nativesDigest: entry.nativesDigest }),
      readFiles: entry.files.map((record) => path.resolve(root, record.path)),
    });
  };
  for (const request of requests) {
    const entry = readEntry<BundleEntry>(entryFile(request), root, compiler);
    if (
      entry === undefined ||
      !existsSync(path.join(cacheFolder, 'bundles', hexOf(entry.digest), 'bundle.mjs'))
    )
      continue;
    const { nativesDigest: natives } = entry;
    if (natives === undefined || hasLockedPackages(cacheFolder, natives)) take(request, entry);
  }
  const missing = requests.filter(({ component }) => !bundles.has(component));
  if (missing.length === 0) return bundles;
  const { buildBundles } = await import('./build-bundles.ts');
  const recorder = new FileRecorder(root);
  for (const { request, code, map, readFiles, natives } of await buildBundles(
    missing,
    root,
    recorder,
    diagnostics,
  )) {
    const stored = storeBundle({ request, code, map }, { root, cacheFolder }, diagnostics);
    if (stored === undefined) continue;
    const locked = nativesDigest(natives, root);
    const files = [...readFiles, ...stored.assets, ...(locked?.files ?? [])];
    const entry: BundleEntry = {
      compiler,
      files: [...new Set(files)].sort().map((file) => recorder.record(file)),
      digest: stored.digest,
      natives: [...natives]
        .map(([name, folder]) => ({ name, folder: path.relative(root, folder) }))
        .sort((a, b) => compareText(a.name, b.name)),
      ...(locked && { nativesDigest: locked.digest }),
    };
    if (locked !== undefined) keepLockedPackages(cacheFolder, locked.digest, locked.packages);
    writeWhole(entryFile(request), JSON.stringify(entry));
    take(request, entry);
  }
  return bundles;
}
