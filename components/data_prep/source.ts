import { join } from 'node:path';
import { TaskError } from 'ferrule';
import { describeLocation, fetchFile, listLocation, type ListedFiles, type LocationFile } from 'ferrule/data';
import { renderSample } from './sample/render.ts';

/** The files to prepare, and how to get at them. */
export interface Source {
  /** What the location turned out to be, in one line. */
  readonly description: string;
  readonly files: readonly LocationFile[];
  /** Whether the files on this machine are copies made for this task, which nobody else will change. */
  readonly own: boolean;
  /** Whether getting at a file means a download. */
  readonly remote: boolean;
  /** Gives the path of a file on this machine. */
  fetch(file: LocationFile): Promise<string>;
}

/**
 * Opens a location: a folder, a bucket, or the sample, which is rendered into `scratch`.
 * @throws TaskError where it cannot be read or holds nothing
 */
export async function openSource(bucket: string, scratch: string, signal: AbortSignal): Promise<Source> {
  const listing = await readable(listLocation(bucket, { signal }));
  if (listing.kind === 'listed') {
    const remote = listing.location.kind === 'bucket';
    return sourceOf(listing, describeLocation(listing.location), remote, scratch, signal);
  }
  const { scheme, name } = listing.location;
  if (scheme !== 'sample' || name !== 'weather')
    throw new TaskError(`there is no "${bucket}"`, { fix: 'the one sample is sample:weather' });
  const folder = join(scratch, 'sample');
  await renderSample(folder, { signal });
  const rendered = await readable(listLocation(folder, { signal }));
  if (rendered.kind !== 'listed') throw new TaskError('the sample was not rendered');
  return {
    ...sourceOf(rendered, 'sample:weather, synthetic pictures rendered by a program', false, scratch, signal),
    own: true,
  };
}

function sourceOf(
  listing: ListedFiles,
  description: string,
  remote: boolean,
  scratch: string,
  signal: AbortSignal,
): Source {
  const folder = join(scratch, 'download');
  return {
    description,
    files: listing.files,
    own: remote,
    remote,
    fetch: (file) => readable(fetchFile(listing, file, folder, { signal })),
  };
}

/** Passes on what is wrong with a location as an error of this task, with its way out. */
async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown) || !String(thrown.code).startsWith('FER'))
      throw thrown;
    const fix = 'fix' in thrown && typeof thrown.fix === 'string' ? thrown.fix : undefined;
    throw new TaskError(thrown.message, { cause: thrown, ...(fix !== undefined && { fix }) });
  }
}
