import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { UserError } from '../../errors/index.ts';
import { mapBounded } from './bounded.ts';
import { downloadObject, openObject } from './bucket-files.ts';
import type { LocationFile } from './folder-files.ts';
import { listLocation, type Listing } from './list.ts';
import type { LocationOptions } from './location.ts';

/** A listing with files, as `listLocation` gives it. */
export type ListedFiles = Extract<Listing, { kind: 'listed' }>;

export interface DownloadOptions extends LocationOptions {
  /** Files in flight at once. @default 16 */
  readonly concurrency?: number;
}

/** Opens one file of a listing for reading. */
export async function openFile(
  listing: ListedFiles,
  file: LocationFile,
  options: LocationOptions = {},
): Promise<Readable> {
  return listing.location.kind === 'bucket'
    ? Readable.from(await openObject(listing.location, file.source, options), { objectMode: false })
    : createReadStream(file.source);
}

/**
 * Brings one file of a listing to this machine and gives its path: the file itself where it lies on this machine, else
 * a download at `folder/<path in the location>`. Treat it as read-only.
 */
export async function fetchFile(
  listing: ListedFiles,
  file: LocationFile,
  folder: string,
  options: LocationOptions = {},
): Promise<string> {
  if (listing.location.kind !== 'bucket') return file.source;
  const destination = join(folder, ...file.path.split('/'));
  await downloadObject(listing.location, file, destination, options);
  return destination;
}

/** Brings all files of a listing to this machine; the paths stand in the order of the listing. */
export async function fetchFiles(
  listing: ListedFiles,
  folder: string,
  options: DownloadOptions = {},
): Promise<readonly string[]> {
  const { concurrency = 16, signal } = options;
  return mapBounded(listing.files, concurrency, (file) => fetchFile(listing, file, folder, options), signal);
}

/**
 * Brings a location that is one file, such as `gs://models/backbone.onnx`, to this machine and gives its path.
 * @throws UserError FER5020 where the location is not one file
 */
export async function fetchOne(text: string, folder: string, options: LocationOptions = {}): Promise<string> {
  const listing = await listLocation(text, options);
  const [only, ...more] = listing.kind === 'listed' ? listing.files : [];
  if (
    listing.kind === 'included' ||
    only === undefined ||
    more.length > 0 ||
    listing.location.kind === 'folder'
  )
    throw new UserError('FER5020', {
      problem: `"${text}" is not one file`,
      fix: 'give the path or the URI (gs://, s3://) of the file itself',
    });
  return fetchFile(listing, only, folder, options);
}
