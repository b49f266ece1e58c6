import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { InfrastructureError, UserError, messageOf } from '../../errors/index.ts';
import { digestOf, digestOfFolder, digestOfJson, type Digest } from '../../spec/digest.ts';
import { mapBounded } from './bounded.ts';
import type { LocationFile } from './folder-files.ts';
import { listLocation } from './list.ts';
import { describeLocation, resolveLocation, type LocationOptions } from './location.ts';
import type { FileStamp, StatCache } from './stat-cache.ts';

/** What a location holds, in one digest. */
export type LocationDigest =
  | {
      readonly kind: 'digest';
      readonly digest: Digest;
      /** Bytes, of all files together; 0 for what travels with the code. */
      readonly size: number;
      /** Number of files; 0 for what travels with the code. */
      readonly files: number;
      /** One line for a person: what it is, how many files, how many bytes. */
      readonly summary: string;
    }
  | { readonly kind: 'undigestable'; readonly reason: string };

export interface DigestOptions extends LocationOptions {
  /** Remembers files that were read before. @default every file is read */
  readonly statCache?: StatCache;
}

/** Files younger than this, in nanoseconds, are not remembered: a second write may leave the same time and size. */
const settled = 2_000_000_000n;

/**
 * Digests what lies at a location: files by path, size and content; objects of a bucket by name, size and the checksum
 * that the bucket keeps, so that nothing is downloaded; a sample by its name, since it travels with the code. Neither
 * the location's own name nor the order of listing counts.
 * @throws UserError FER5020 to FER5028 where the location cannot be read
 */
export async function digestLocation(text: string, options: DigestOptions = {}): Promise<LocationDigest> {
  const location = await resolveLocation(text, options);
  if (location.kind === 'other')
    return { kind: 'undigestable', reason: `"${location.scheme}:" is not a place that Ferrule reads itself` };
  const listing = await listLocation(text, options);
  if (listing.kind === 'included')
    return {
      kind: 'digest',
      digest: digestOf(text),
      size: 0,
      files: 0,
      summary: describeLocation(location),
    };
  const { files } = listing;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const summary = `${describeLocation(location)}: ${files.length} files, ${bytes} bytes`;
  const digest =
    listing.location.kind === 'bucket' ? digestOfListing(files) : await digestOfFiles(files, options);
  return { kind: 'digest', digest, size: bytes, files: files.length, summary };
}

function digestOfListing(files: readonly LocationFile[]): Digest {
  return digestOfJson(files.map(({ path, size, checksum }) => [path, size, checksum ?? null]));
}

async function digestOfFiles(files: readonly LocationFile[], options: DigestOptions): Promise<Digest> {
  const entries = await mapBounded(
    files,
    8,
    async ({ path, source }) => ({ path, ...(await digestOfFile(source, options.statCache)) }),
    options.signal,
  );
  return digestOfFolder(entries);
}

/** Digests one file's content, or finds it in the cache. */
export async function digestOfFile(
  path: string,
  cache?: StatCache,
): Promise<{ readonly size: number; readonly digest: Digest }> {
  const before = await stampOf(path);
  const known = cache?.get(before);
  if (known !== undefined) return { size: before.size, digest: known };
  const digest = await digestOfContent(path);
  const after = await stampOf(path);
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs)
    throw new InfrastructureError('FER5028', {
      problem: `${path} changed while it was read`,
      fix: 'wait until whatever writes it has finished, and try again',
      retryable: true,
    });
  if (BigInt(Date.now()) * 1_000_000n - BigInt(after.mtimeNs) > settled) cache?.set(after, digest);
  return { size: after.size, digest };
}

async function stampOf(path: string): Promise<FileStamp> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return { path, size: Number(size), mtimeNs: String(mtimeNs), ino: String(ino) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function digestOfContent(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) hash.update(chunk);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return `sha256:${hash.digest('hex')}`;
}

function unreadable(path: string, cause: unknown): UserError {
  return new UserError('FER5021', {
    problem: `${path} cannot be read: ${messageOf(cause)}`,
    fix: 'check that it exists and that you may read it',
    cause,
  });
}
