import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bundles } from '../../engine/ports.ts';
import { hexOf } from '../../spec/index.ts';
import { errnoOf, storing } from '../failure.ts';
import { asideMark } from '../objects/disk-objects.ts';
import { keptOnce } from './kept-once.ts';

let copies = 0;

/** Keeps bundles as `bundles/<hex>/` under the root, fetched from the given folders at first use. */
export function diskBundles(root: string, sources: readonly string[]): Bundles {
  const fetch = async (hex: string): Promise<string | undefined> => {
    const own = join(root, 'bundles', hex);
    if (await isFolder(own)) return own;
    for (const source of sources) {
      const from = join(source, hex);
      if (!(await isFolder(from))) continue;
      const aside = join(root, 'bundles', `${asideMark}${process.pid}-${hex.slice(0, 16)}-${copies++}`);
      await copyFolder(from, aside);
      try {
        await rename(aside, own);
      } catch (error) {
        // Another process was first, with the same content.
        await rm(aside, { recursive: true, force: true });
        if (!['EEXIST', 'ENOTEMPTY'].includes(errnoOf(error) ?? '')) throw error;
      }
      return own;
    }
    return undefined;
  };
  return keptOnce((code) => {
    const hex = hexOf(code);
    return storing(`keeping the bundle ${hex.slice(0, 12)}`, () => fetch(hex));
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

/** Copies a folder; files are hard-linked where the file system lets them be: bundles never change. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    await mkdir(dirname(target), { recursive: true });
    await link(source, target).catch(() => copyFile(source, target));
  }
}
