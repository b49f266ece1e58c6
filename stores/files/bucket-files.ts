import { createHash } from 'node:crypto';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InfrastructureError } from '../../errors/index.ts';
import type { Digest } from '../../spec/index.ts';
import type { Bucket } from '../buckets/bucket.ts';
import { isTransferError } from '../buckets/transfer-error.ts';
import { retrying } from '../buckets/retrying.ts';
import { storeError } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import { asidePath } from './aside-path.ts';
import { transfersAtOnce, type ExpectedFile, type FileStore } from './file-store.ts';
import { turns } from './turns.ts';

/**
 * Keeps files in a bucket.
 * @param prefix what comes before all keys: empty, or with a `/` at its end
 */
export function bucketFiles(bucket: Bucket, prefix: string): FileStore {
  const transfer = turns(transfersAtOnce);
  return {
    uri: `${bucket.uri}/${prefix}`.replace(/\/$/, ''),
    upload: (path, key) =>
      transfer(async () => {
        const doing = `uploading ${path}`;
        const { size } = await stat(path).catch((error: unknown) => {
          throw storeError(error, doing);
        });
        return naming(bucket, doing, () =>
          retrying(isTransferError, () => bucket.upload(path, prefix + key, size)),
        );
      }),
    download: (key, path, expected = {}) =>
      transfer(async () => {
        await makeFolder(dirname(path));
        const aside = asidePath(path);
        try {
          const got = await naming(bucket, `downloading ${key}`, () =>
            receive(bucket, prefix + key, aside, expected.signal),
          );
          requireExpected(`${bucket.uri}/${prefix}${key}`, got, expected);
          await rename(aside, path);
          return got;
        } catch (error) {
          await rm(aside, { force: true });
          throw error;
        }
      }),
    async look(key) {
      const facts = await bucket.facts(prefix + key);
      return facts === undefined ? undefined : { ...facts, key };
    },
    async list(below) {
      const found = [];
      for await (const page of bucket.list(prefix + below))
        for (const one of page) found.push({ ...one, key: one.key.slice(prefix.length) });
      return found;
    },
    remove: (keys) => bucket.remove(keys.map((key) => prefix + key)),
  };
}

/** So many connections, one after the other, may end before they bring a byte. */
const patience = 5;

/** Receives an object. Where the connection breaks it goes on at the same byte, as long as it is the same object. */
async function receive(
  bucket: Bucket,
  key: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly size: number; readonly digest: Digest }> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    let at = 0;
    let fruitless = 0;
    let size = Number.NaN;
    let version: string | undefined;
    while (at !== size) {
      const before = at;
      try {
        const source = await retrying(isTransferError, () => bucket.open(key, at, version));
        ({ size, version } = source);
        for await (const chunk of source.stream) {
          signal?.throwIfAborted();
          await writeAll(file, chunk);
          hash.update(chunk);
          at += chunk.length;
        }
        if (at !== size) throw cutShort(at, size);
      } catch (error) {
        // As long as connections bring something, there is hope.
        fruitless = at === before ? fruitless + 1 : 0;
        if (fruitless > patience || !isTransferError(error)) throw error;
        await wait(fruitless * 500);
      }
    }
    return { size: at, digest: `sha256:${hash.digest('hex')}` };
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten;
}

function cutShort(got: number, size: number): Error {
  return Object.assign(new Error(`the connection ended after ${got} of ${size} bytes`), {
    code: 'ECONNRESET',
  });
}

/** Checks what arrived. @throws InfrastructureError FER5028 */
export function requireExpected(
  uri: string,
  got: { readonly size: number; readonly digest: Digest },
  expected: ExpectedFile,
): void {
  const wrong =
    expected.size !== undefined && expected.size !== got.size
      ? `has ${got.size} bytes instead of ${expected.size}`
      : expected.digest !== undefined && expected.digest !== got.digest
        ? `has other content than when it was kept`
        : undefined;
  if (wrong === undefined) return;
  throw new InfrastructureError('FER5028', {
    problem: `${uri} ${wrong}`,
    fix: 'somebody changed it: run again with --from the task that made it',
    retryable: false,
  });
}

async function naming<T>(bucket: Bucket, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A file of this machine that cannot be read or written is no fault of the bucket's.
    throw isOfDisk(error) ? storeError(error, doing) : bucket.error(error, doing);
  }
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
