import { link, open, readFile, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors/index.ts';
import { isPathName } from '../../spec/index.ts';
import { errnoOf, storing } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import type { ObjectStore } from './object-store.ts';

/** A claim to replace an object is broken after this many milliseconds: whoever had it is dead. */
const claimLife = 10_000;

/** Names of files written aside, before they get their real name; `gc` removes old ones. */
export const asideMark = '.aside-';

let written = 0;

/** Keeps objects as files of a folder. An entry appears by link(2), which is atomic and refuses a taken name. */
export function diskObjects(root: string): ObjectStore {
  const pathOf = (key: string): string => {
    if (!key.split('/').every(isPathName))
      throw new UserError('FER5008', {
        problem: `"${key}" cannot be the name of a stored object`,
        fix: 'names hold letters, digits, "_", "-" and "." and do not begin with a dot',
      });
    return join(root, key);
  };
  const writeAside = async (path: string, content: string): Promise<string> => {
    const aside = join(dirname(path), `${asideMark}${process.pid}-${Date.now().toString(36)}-${written++}`);
    try {
      await writeFile(aside, content, { flag: 'wx' });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') {
        await rm(aside, { force: true });
        throw error;
      }
      await makeFolder(dirname(path));
      await writeFile(aside, content, { flag: 'wx' });
    }
    return aside;
  };
  return {
    read: (key) =>
      storing(`reading ${key}`, async () => {
        try {
          const content = await readFile(pathOf(key), 'utf8');
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
          await link(aside, path);
          return 'created';
        } catch (error) {
          if (errnoOf(error) === 'EEXIST') return 'exists';
          throw error;
        } finally {
          await unlink(aside).catch(() => undefined);
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
