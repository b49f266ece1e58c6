import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, storing } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import { checkedKey } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';

/** A claim to replace an object is broken after this many milliseconds: whoever had it is dead. */
const claimLife = 10_000;

/** Names of files written aside, before they get their real name; `gc` removes old ones. */
export const asideMark = '.aside-';

let written = 0;

/**
 * Keeps objects as files of a folder. An entry appears by link(2), which is atomic and refuses a taken name.
 *
 * Objects are small, and a run reads and writes one or two a task: reading and creating them is synchronous, because
 * the trips to the thread pool and back would take ten times as long as the work.
 */
export function diskObjects(root: string): ObjectStore {
  const pathOf = (key: string): string => join(root, checkedKey(key));
  const writeAside = async (path: string, content: string): Promise<string> => {
    const aside = join(dirname(path), `${asideMark}${process.pid}-${Date.now().toString(36)}-${written++}`);
    try {
      writeFileSync(aside, content, { flag: 'wx' });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') {
        rmSync(aside, { force: true });
        throw error;
      }
      await makeFolder(dirname(path));
      writeFileSync(aside, content, { flag: 'wx' });
    }
    return aside;
  };
  return {
    read: (key) =>
      // oxlint-disable-next-line typescript/require-await -- what it throws is a rejection
      storing(`reading ${key}`, async () => {
        try {
          const content = readFileSync(pathOf(key), 'utf8');
          return { content, version: content };
        } catch (error) {
          if (isAbsence(error)) return undefined;
          throw error;
        }
      }),
    create: (key, content) =>
      storing(`writing ${key}`, async () => {
        const path = pathOf(key);
        const aside = await writeAside(path, content);
        try {
          linkSync(aside, path);
          return 'created';
        } catch (error) {
          if (errnoOf(error) === 'EEXIST') return 'exists';
          throw error;
        } finally {
          removeQuietly(aside);
        }
      }),
    replace: (key, version, content) =>
      storing(`replacing ${key}`, async () => {
        const path = pathOf(key);
        const claim = join(dirname(path), `${asideMark}claim-${key.split('/').pop() ?? ''}`);
        if (!(await takeClaim(claim))) return 'changed';
        try {
          if ((await readFile(path, 'utf8').catch(() => undefined)) !== version) return 'changed';
          await rename(await writeAside(path, content), path);
          return 'replaced';
        } finally {
          await rm(claim, { force: true });
        }
      }),
    names: (folder) =>
      storing(`listing ${folder}`, async () => {
        try {
          const names = await readdir(folder === '' ? root : pathOf(folder));
          return names.filter((name) => !name.startsWith('.')).sort();
        } catch (error) {
          if (isAbsence(error)) return [];
          throw error;
        }
      }),
    writtenAt: (key) =>
      storing(`looking at ${key}`, async () => {
        try {
          return (await stat(pathOf(key))).mtimeMs;
        } catch (error) {
          if (isAbsence(error)) return undefined;
          throw error;
        }
      }),
    remove: (key) => storing(`removing ${key}`, () => rm(pathOf(key), { recursive: true, force: true })),
  };
}

/** What stays for another reason is collected later. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // A file written aside harms nobody.
  }
}

function isAbsence(error: unknown): boolean {
  const code = errnoOf(error);
  // A bucket has no folders: what is one here is no object.
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

async function takeClaim(claim: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await (await open(claim, 'wx')).close();
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      const taken = await stat(claim).catch(() => undefined);
      if (taken !== undefined && Date.now() - taken.mtimeMs < claimLife) return false;
      await rm(claim, { force: true });
    }
  }
  return false;
}
