import { lstat, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InfrastructureError } from '../../errors/index.ts';
import { compareText, type Digest } from '../../spec/index.ts';
import { belowRoot } from '../artifacts/attempt-folder.ts';
import { readDigested } from '../buckets/digesting.ts';
import { errnoOf, storing } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import { asidePath } from './aside-path.ts';
import { requireExpected } from './bucket-files.ts';
import { transfersAtOnce, type FileStore, type ListedFile } from './file-store.ts';
import { turns } from './turns.ts';

/** Keeps files below a folder. */
export function diskFiles(root: string): FileStore {
  const transfer = turns(transfersAtOnce);
  return {
    uri: root,
    upload: (path, key) =>
      transfer(() =>
        storing(`keeping ${path}`, async () => {
          const target = belowRoot(root, key);
          const got = await copy(path, target);
          const facts = await lstat(target);
          return { ...got, checksum: checksumOf(facts) };
        }),
      ),
    download: (key, path, expected = {}) =>
      transfer(() =>
        storing(`reading ${key}`, async () => {
          const source = belowRoot(root, key);
          try {
            const got = await copy(source, path, (arrived) => requireExpected(source, arrived, expected));
            return got;
          } catch (error) {
            if (errnoOf(error) !== 'ENOENT') throw error;
            throw new InfrastructureError('FER5028', {
              problem: `${source} is gone`,
              fix: 'run again with --from the task that made it',
              retryable: true,
              cause: error,
            });
          }
        }),
      ),
    look: (key) =>
      storing(`looking at ${key}`, async () => {
        const facts = await lstat(belowRoot(root, key)).catch(() => undefined);
        if (facts === undefined || facts.isDirectory()) return undefined;
        return { key, size: facts.size, modified: facts.mtimeMs, checksum: checksumOf(facts) };
      }),
    list: (prefix) => storing(`listing ${prefix}`, () => listBelow(root, prefix)),
    remove: (keys) =>
      storing('removing files', async () => {
        for (const key of keys) {
          const path = belowRoot(root, key.replace(/\/$/, ''));
          if (key.endsWith('/')) await rmdir(path).catch(() => undefined);
          else await rm(path, { force: true });
        }
        const above = new Set(keys.map((key) => dirname(key.replace(/\/$/, ''))));
        for (const folder of above) await removeEmpty(root, folder);
      }),
  };
}

/** Copies a file, reading it once; it appears whole, or not at all. */
async function copy(
  from: string,
  to: string,
  check: (got: { readonly size: number; readonly digest: Digest }) => void = () => undefined,
): Promise<{ readonly size: number; readonly digest: Digest }> {
  await makeFolder(dirname(to));
  const aside = asidePath(to);
  try {
    const source = readDigested(from);
    await pipeline(Readable.from(source.chunks), createWriteStream(aside));
    const got = { size: source.size(), digest: source.digest() };
    check(got);
    await rename(aside, to);
    return got;
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function listBelow(root: string, prefix: string): Promise<readonly ListedFile[]> {
  const found: ListedFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
      throw error;
    });
    if (entries === undefined) return;
    if (entries.length === 0 && folder !== '')
      found.push({ key: `${folder}/`, size: 0, modified: 0, checksum: '' });
    for (const entry of entries) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!key.startsWith(prefix) && !prefix.startsWith(`${key}/`)) continue;
      if (entry.isDirectory()) await walk(key);
      else {
        const facts = await lstat(join(root, key)).catch(() => undefined);
        if (facts !== undefined)
          found.push({ key, size: facts.size, modified: facts.mtimeMs, checksum: checksumOf(facts) });
      }
    }
  };
  await walk('');
  return found.sort((a, b) => compareText(a.key, b.key));
}

function checksumOf(facts: {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}): string {
  return `stat:${facts.size}-${facts.mtimeMs}-${facts.ctimeMs}`;
}

/** Removes a folder and those above it, as far as nothing is in them. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== '.' && at !== ''; at = dirname(at)) {
    try {
      await rmdir(join(root, at));
    } catch {
      if ((await stat(join(root, at)).catch(() => undefined)) !== undefined) return;
    }
  }
}
