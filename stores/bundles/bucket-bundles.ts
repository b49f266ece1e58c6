import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundles } from '../../engine/ports.ts';
import { hexOf, type Digest } from '../../spec/index.ts';
import { downloadFiles } from '../artifacts/transfer-artifact.ts';
import { errnoOf, storing } from '../failure.ts';
import { asidePath } from '../files/aside-path.ts';
import type { FileStore } from '../files/file-store.ts';
import { makeFolder } from '../make-folder.ts';
import { keptOnce } from './kept-once.ts';

/** The file without which a bundle is none: uploaded last. */
const lastFile = 'bundle.mjs';

/**
 * Keeps bundles as `bundles/<hex>/` in a bucket, uploaded at first use, and brings those that this machine has not.
 * @param local holds what was brought, as `<hex>/`
 * @param sources folders that hold bundles as `<hex>/`
 */
export function bucketBundles(files: FileStore, local: string, sources: readonly string[]): Bundles {
  const find = async (code: Digest): Promise<string | undefined> => {
    const hex = hexOf(code);
    const kept = await files.list(`bundles/${hex}/`);
    const whole = kept.some(({ key }) => key === `bundles/${hex}/${lastFile}`);
    for (const source of new Set([...sources, local])) {
      const folder = join(source, hex);
      if (!(await isFolder(folder))) continue;
      if (!whole) await upload(files, folder, `bundles/${hex}`);
      return folder;
    }
    if (!whole) return undefined;
    const own = join(local, hex);
    await makeFolder(local);
    const aside = asidePath(own);
    try {
      await downloadFiles(files, kept, `bundles/${hex}/`, aside);
      await rename(aside, own);
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      // Another process was first, with the same content.
      if (!['EEXIST', 'ENOTEMPTY'].includes(errnoOf(error) ?? '')) throw error;
    }
    return own;
  };
  return keptOnce((code) => storing(`keeping the bundle ${hexOf(code).slice(0, 12)}`, () => find(code)));
}

async function upload(files: FileStore, folder: string, key: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const keep = (path: string): Promise<unknown> => files.upload(join(folder, path), `${key}/${path}`);
  await Promise.all(paths.filter((path) => path !== lastFile).map(keep));
  await Promise.all(paths.filter((path) => path === lastFile).map(keep));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
