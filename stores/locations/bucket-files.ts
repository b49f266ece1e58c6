import { setMaxListeners } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileMetadata } from '@google-cloud/storage';
import { UserError } from '../../errors/index.ts';
import { compareText } from '../../spec/json.ts';
import { storageAt } from './bucket-client.ts';
import { bucketError } from './bucket-errors.ts';
import type { LocationFile } from './folder-files.ts';
import type { BucketLocation, LocationOptions } from './location.ts';

/**
 * Lists the objects of a bucket under its prefix, a page at a time, in code-unit order of their paths. A prefix that is the name of
 * one object stands for that object. Names that end in `/`, which consoles make for empty folders, are passed over.
 * @throws UserError FER5024 or FER5025, InfrastructureError FER5026; FER5027 for a name that no folder could hold
 */
export async function filesOfBucket(
  location: BucketLocation,
  options: LocationOptions = {},
): Promise<readonly LocationFile[]> {
  const { bucket, prefix } = location;
  try {
    const found = await listPrefix(location, prefix === '' ? '' : `${prefix}/`, options);
    if (found.length > 0 || prefix === '') return found;
    return await theOneObject(location, options);
  } catch (thrown) {
    throw bucketError(thrown, bucket);
  }
}

/** Opens one object for reading. Its checksum is verified on the way: a broken transfer is an error of the stream. */
export async function openObject(
  location: BucketLocation,
  object: string,
  options: LocationOptions = {},
): Promise<Readable> {
  const storage = await storageAt(options.endpoint);
  return storage.bucket(location.bucket).file(object).createReadStream();
}

/** Downloads one object to a file, making the folders above it. */
export async function downloadObject(
  location: BucketLocation,
  object: string,
  destination: string,
  options: LocationOptions = {},
): Promise<void> {
  // Every download under way listens to the one signal.
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  try {
    await mkdir(dirname(destination), { recursive: true });
    const source = await openObject(location, object, options);
    const unwatch = endWhenSilent(source);
    try {
      await pipeline(source, createWriteStream(destination), {
        ...(options.signal && { signal: options.signal }),
      });
    } finally {
      unwatch();
    }
  } catch (thrown) {
    throw bucketError(thrown, location.bucket, object);
  }
}

/** A connection that brings nothing for so many milliseconds is taken for broken. */
const silence = 30_000;

/** Ends a stream that brings nothing more: where a connection breaks, the library's own neither ends nor fails. */
function endWhenSilent(source: Readable): () => void {
  const end = (): void => {
    source.destroy(new Error(`nothing arrived for ${silence / 1000} s`));
  };
  let timer = setTimeout(end, silence);
  source.on('data', () => {
    clearTimeout(timer);
    timer = setTimeout(end, silence);
  });
  return () => clearTimeout(timer);
}

async function listPrefix(
  location: BucketLocation,
  prefix: string,
  options: LocationOptions,
): Promise<LocationFile[]> {
  const storage = await storageAt(options.endpoint);
  const files: LocationFile[] = [];
  let pageToken: string | undefined;
  do {
    options.signal?.throwIfAborted();
    const [page, next] = await storage.bucket(location.bucket).getFiles({
      prefix,
      autoPaginate: false,
      maxResults: 1000,
      ...(pageToken !== undefined && { pageToken }),
    });
    for (const { name, metadata } of page) {
      if (name.endsWith('/')) continue;
      files.push(fileOf(name, checkedPath(name.slice(prefix.length), location.bucket), metadata));
    }
    pageToken = tokenOf(next);
  } while (pageToken !== undefined);
  return files.sort((a, b) => compareText(a.path, b.path));
}

async function theOneObject(location: BucketLocation, options: LocationOptions): Promise<LocationFile[]> {
  const storage = await storageAt(options.endpoint);
  const object = storage.bucket(location.bucket).file(location.prefix);
  const [exists] = await object.exists();
  if (!exists) return [];
  const [metadata] = await object.getMetadata();
  const name = location.prefix.split('/').pop() ?? location.prefix;
  return [fileOf(location.prefix, checkedPath(name, location.bucket), metadata)];
}

/** A checksum of the content, so that the same bytes uploaded again are the same; objects composed of parts have no MD5. */
function fileOf(source: string, path: string, metadata: FileMetadata): LocationFile {
  const checksum =
    metadata.md5Hash === undefined
      ? `crc32c:${metadata.crc32c ?? ''}@${metadata.generation ?? ''}`
      : `md5:${metadata.md5Hash}`;
  return { path, size: Number(metadata.size ?? 0), checksum, source };
}

function checkedPath(path: string, bucket: string): string {
  const wrong = path.split('/').some((name) => name === '' || name === '.' || name === '..');
  if (wrong || path.includes('\0') || path.includes('\\'))
    throw new UserError('FER5027', {
      problem: `gs://${bucket} holds an object named ${JSON.stringify(path)}, which cannot be a path in a folder`,
      fix: 'rename or remove the object, or name a prefix that does not hold it',
    });
  return path;
}

function tokenOf(next: unknown): string | undefined {
  if (typeof next !== 'object' || next === null || !('pageToken' in next)) return undefined;
  return typeof next.pageToken === 'string' ? next.pageToken : undefined;
}
