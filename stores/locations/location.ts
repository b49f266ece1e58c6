import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors/index.ts';
import { bucketName, parseBucketUri, type BucketAddress } from '../root-address.ts';
import type { StoreEnv } from '../buckets/gcs-client.ts';

/** Where outside data lies, once its text has been read. */
export type Location = FolderLocation | FileLocation | BucketLocation | IncludedLocation | OtherLocation;

/** A folder on this machine. */
export interface FolderLocation {
  readonly kind: 'folder';
  /** The location as it was written. */
  readonly text: string;
  /** Absolute. */
  readonly path: string;
}

/** One file on this machine. */
export interface FileLocation {
  readonly kind: 'file';
  readonly text: string;
  /** Absolute. */
  readonly path: string;
}

/** A bucket of Google Cloud Storage or S3, or what lies under one prefix of it. */
export interface BucketLocation extends BucketAddress {
  readonly text: string;
}

/** Data that travels with a component's code: `sample:weather`, `builtin:efficientnet-lite0`. */
export interface IncludedLocation {
  readonly kind: 'included';
  readonly text: string;
  readonly scheme: 'sample' | 'builtin';
  readonly name: string;
}

/** A place that Ferrule does not read itself, such as a database's URL. */
interface OtherLocation {
  readonly kind: 'other';
  readonly text: string;
  readonly scheme: string;
}

export interface LocationOptions {
  /** What relative paths are relative to. @default the working directory */
  readonly cwd?: string;
  /**
   * Says where buckets are and who asks, in the variables of Google's and Amazon's own tools.
   * @default the environment of this process
   */
  readonly env?: StoreEnv;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/** The environment that the clients of buckets are told of. */
export function environmentOf({ env }: LocationOptions): StoreEnv {
  return env ?? process.env;
}

/**
 * Reads the text of a location. `gs://`, `s3://` (or `minio://`), `file://`, `sample:` and `builtin:` say what they are; a text with a
 * slash, or `.`, is a path. A bare word is a folder where one of that name lies in the working directory, and else a
 * bucket: `describeLocation` tells which it was, so that nobody has to guess.
 * @throws UserError FER5020 for a text that is none of these, FER5021 for a path that does not exist
 */
export async function resolveLocation(text: string, options: LocationOptions = {}): Promise<Location> {
  const cwd = options.cwd ?? process.cwd();
  if (text.trim() === '')
    throw new UserError('FER5020', {
      problem: 'the location is empty',
      fix: 'name a folder, a bucket (gs://bucket/prefix, s3://bucket/prefix) or sample:weather',
    });
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'gs':
    case 's3':
    case 'minio': {
      const address = parseBucketUri(`${scheme}${text.slice(scheme.length)}`, 'FER5020');
      return address === undefined ? { kind: 'other', text, scheme } : { ...address, text };
    }
    case 'file':
      return onDisk(text, filePathOf(text));
    case 'sample':
    case 'builtin':
      return { kind: 'included', text, scheme, name: text.slice(scheme.length + 1) };
    case undefined:
      return bareOrPath(text, cwd);
    default:
      return { kind: 'other', text, scheme };
  }
}

/** Says in one line what a location turned out to be, for a log. */
export function describeLocation(location: Location): string {
  switch (location.kind) {
    case 'folder':
      return isBareWord(location.text)
        ? `"${location.text}" is the folder ${location.path} (for a bucket of that name write gs://${location.text})`
        : `the folder ${location.path}`;
    case 'file':
      return `the file ${location.path}`;
    case 'bucket':
      return isBareWord(location.text)
        ? `"${location.text}" is the bucket ${location.uri} (no folder of that name lies here)`
        : `the bucket ${location.uri}`;
    case 'included':
      return `${location.text}, which needs no outside data`;
    case 'other':
      return `${location.text}, which Ferrule does not read itself`;
  }
}

function filePathOf(text: string): string {
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw new UserError('FER5020', {
      problem: `"${text}" is not the URL of a file on this machine`,
      fix: 'write file:///absolute/path, with %20 for a space',
      cause,
    });
  }
}

async function bareOrPath(text: string, cwd: string): Promise<Location> {
  if (!isBareWord(text)) {
    const home = text === '~' || text.startsWith('~/');
    return onDisk(text, home ? join(homedir(), text.slice(1)) : resolve(cwd, text));
  }
  const path = join(cwd, text);
  const found = await kindOnDisk(path);
  if (found !== 'absent') return { kind: found, text, path };
  if (bucketName.test(text))
    return { kind: 'bucket', text, service: 'gcs', bucket: text, prefix: '', uri: `gs://${text}` };
  throw new UserError('FER5020', {
    problem: `"${text}" is neither a folder in ${cwd} nor a name that a bucket can have`,
    fix: 'name a folder that exists, a bucket (gs://bucket/prefix) or sample:weather',
  });
}

async function onDisk(text: string, path: string): Promise<FolderLocation | FileLocation> {
  const found = await kindOnDisk(path);
  if (found === 'absent')
    throw new UserError('FER5021', {
      problem: `there is no folder or file ${path}${isAbsolute(text) ? '' : ` (from "${text}")`}`,
      fix: 'check the path; a relative one starts at the folder the command runs in',
    });
  return { kind: found, text, path };
}

async function kindOnDisk(path: string): Promise<'folder' | 'file' | 'absent'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    throw new UserError('FER5021', {
      problem: `${path} cannot be read (${String(code)})`,
      fix: 'check the permissions of it and of the folders above',
      cause,
    });
  }
}

function isBareWord(text: string): boolean {
  return !/[/\\~:]/.test(text) && text !== '.' && text !== '..';
}
