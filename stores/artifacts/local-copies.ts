import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hexOf, type Digest } from '../../spec/index.ts';
import { errnoOf } from '../failure.ts';
import { asidePath } from '../files/aside-path.ts';
import { makeFolder } from '../make-folder.ts';
import { findFiles, marksOf, sameMarks, type FileMark } from './content.ts';

/** Copies of artifacts on this machine, by their content. One that was written to since is made anew. */
export interface LocalCopies {
  /**
   * Gives the path of a copy, made by `fill` where there is none that is intact.
   * @param name the last part of its path: a component may look at its ending
   * @param fill writes the content to a path where nothing lies yet
   */
  obtain(digest: Digest, name: string, fill: (path: string) => Promise<void>): Promise<string>;
  /** Takes over, by a rename, what was just digested as `marks` says; leaves it where it changed since. */
  adopt(digest: Digest, name: string, path: string, marks: readonly FileMark[]): Promise<void>;
}

/** Keeps copies as `<folder>/<2 hex>/<hex>/<name>`, each with what its files looked like in `.marks-<name>`. */
export function localCopies(folder: string): LocalCopies {
  const filling = new Map<string, Promise<string>>();
  const pathOf = (digest: Digest, name: string): string => {
    const hex = hexOf(digest);
    return join(folder, hex.slice(0, 2), hex, name);
  };
  const make = async (path: string, fill: (path: string) => Promise<void>): Promise<string> => {
    if (await isIntact(path)) return path;
    await makeFolder(dirname(path));
    const aside = asidePath(path);
    try {
      await fill(aside);
      await moveTo(aside, path);
      return path;
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw error;
    }
  };
  return {
    obtain(digest, name, fill) {
      const path = pathOf(digest, name);
      const known = filling.get(path);
      if (known !== undefined) return known;
      const made = make(path, fill).finally(() => filling.delete(path));
      filling.set(path, made);
      return made;
    },
    async adopt(digest, name, path, marks) {
      const target = pathOf(digest, name);
      if (await isIntact(target)) return;
      const now = await findFiles(path);
      if (now === undefined || !sameMarks(now.files, marks)) return;
      await mkdir(dirname(target), { recursive: true });
      await moveTo(path, target);
    },
  };
}

async function moveTo(aside: string, path: string): Promise<void> {
  try {
    await rename(aside, path);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY', 'EISDIR', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
    // Another process was first, or somebody wrote to what lies there: either way this one is right.
    await rm(path, { recursive: true, force: true });
    await rename(aside, path);
  }
  const now = await findFiles(path);
  await writeFile(marksFile(path), JSON.stringify(marksOf(now?.files ?? [])));
}

async function isIntact(path: string): Promise<boolean> {
  const there = await findFiles(path).catch(() => undefined);
  if (there === undefined) return false;
  try {
    return sameMarks(there.files, JSON.parse(await readFile(marksFile(path), 'utf8')) as FileMark[]);
  } catch {
    return false;
  }
}

function marksFile(path: string): string {
  return join(dirname(path), `.marks-${path.slice(dirname(path).length + 1)}.json`);
}
