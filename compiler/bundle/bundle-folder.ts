/** Writes a bundle as a folder named by its content: `bundle.mjs` and the component's assets. */
import {
  copyFileSync,
  existsSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { digestOf, digestOfFolder, hexOf, type Digest, type FileEntry } from '../../spec/index.ts';
import { writeWhole } from '../cache-file.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { BundleRequest } from './bundle-components.ts';

export interface StoredBundle {
  readonly digest: Digest;
  /** Absolute paths of the assets. */
  readonly assets: readonly string[];
}

/** Stores a bundle, with its source map beside the folder. Undefined where an asset is at fault, which is reported. */
export function storeBundle(
  bundle: { readonly request: BundleRequest; readonly code: string; readonly map: string },
  { root, cacheFolder }: { readonly root: string; readonly cacheFolder: string },
  diagnostics: Diagnostics,
): StoredBundle | undefined {
  const { request, code, map } = bundle;
  const assets = findAssets(request, root, diagnostics);
  if (assets === undefined) return undefined;
  const files: FileEntry[] = [
    { path: 'bundle.mjs', size: Buffer.byteLength(code), digest: digestOf(code) },
    ...assets.map(({ name, file }) => ({
      path: `assets/${name}`,
      size: statSync(file).size,
      digest: digestOf(readFileSync(file)),
    })),
  ];
  const digest = digestOfFolder(files);
  const folder = path.join(cacheFolder, 'bundles', hexOf(digest));
  if (!existsSync(path.join(folder, 'bundle.mjs'))) writeFolder(folder, code, assets);
  writeWhole(`${folder}.map`, map);
  return { digest, assets: assets.map(({ file }) => file) };
}

interface Asset {
  readonly name: string;
  readonly file: string;
}

function findAssets(
  { component, settings, place }: BundleRequest,
  root: string,
  diagnostics: Diagnostics,
): Asset[] | undefined {
  const folder = path.dirname(path.resolve(root, component.file));
  const assets = new Map<string, Asset>();
  const before = diagnostics.count;
  for (const asset of settings.assets) {
    const file = path.resolve(folder, asset);
    const name = path.basename(file);
    const fault = (problem: string, fix: string): void =>
      diagnostics.add('FER2022', {
        at: place(),
        problem: `the asset "${asset}" of "${component.name}" ${problem}`,
        fix,
      });
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      fault('is no file', 'give its path relative to the source file of the component');
    else if (assets.has(name)) fault('has the name of another asset', 'rename one of them');
    else assets.set(name, { name, file });
  }
  return diagnostics.count === before ? [...assets.values()] : undefined;
}

function writeFolder(folder: string, code: string, assets: readonly Asset[]): void {
  const aside = `${folder}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  mkdirSync(path.join(aside, ...(assets.length > 0 ? ['assets'] : [])), { recursive: true });
  writeFileSync(path.join(aside, 'bundle.mjs'), code);
  for (const { name, file } of assets)
    copyFileSync(file, path.join(aside, 'assets', name), constants.COPYFILE_FICLONE);
  try {
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Another compile was faster: the folder's name is its content.
    if (!existsSync(path.join(folder, 'bundle.mjs'))) throw error;
  }
}
