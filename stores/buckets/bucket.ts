import type { Digest } from '../../spec/index.ts';

/**
 * One bucket of an object store: what Google Cloud Storage and S3 are here. Everything that is kept in a bucket is
 * built on this. Keys are whole names of objects. What fails is a coded error that names the bucket; what another try
 * may cure was tried again.
 */
export interface Bucket {
  /** `gs://bucket` or `s3://bucket`. */
  readonly uri: string;
  /** Asks whether the bucket answers, and objects with a prefix may be listed; gives up sooner than the rest. */
  probe(prefix: string, doing: string): Promise<void>;
  /** Reads a small object; undefined where there is none. */
  read(key: string): Promise<{ readonly content: string; readonly version: string } | undefined>;
  /** Writes a small object under a condition. */
  write(key: string, content: string, condition: WriteCondition): Promise<'written' | 'refused'>;
  /** Tells what is known of an object; undefined where there is none. */
  facts(key: string): Promise<ObjectFacts | undefined>;
  /** Lists the objects whose keys begin with a prefix, in byte order of their keys, a page at a time. */
  list(prefix: string): AsyncIterable<readonly ObjectFacts[]>;
  /**
   * Lists what follows a prefix up to the next `/`: of objects, and of folders.
   * @param from leaves out what comes before it, where the store can
   */
  names(prefix: string, from?: string): Promise<readonly string[]>;
  /** Sends a file, reading it once, and digests it on the way. One try: a transfer that breaks is an error. */
  upload(path: string, key: string, size: number): Promise<UploadedFile>;
  /** Opens an object for reading from a byte on; with a version, only while it is that one. One try. */
  open(key: string, from: number, version: string | undefined): Promise<OpenObject>;
  /** Removes objects; those that are gone count as removed. */
  remove(keys: readonly string[]): Promise<void>;
  /** Names what went wrong, with what was being done. */
  error(thrown: unknown, doing: string): Error;
}

/** Only where there is no object, only over the version that was read, or in any case. */
export type WriteCondition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'always' };

/** What a listing tells of an object. */
export interface ObjectFacts {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** What the store computed of the content: the same for the same bytes uploaded in the same way. */
  readonly checksum: string;
}

export interface UploadedFile {
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
  /** As a listing tells it. */
  readonly checksum: string;
}

export interface OpenObject {
  readonly stream: AsyncIterable<Uint8Array>;
  /** Bytes, of the whole object. */
  readonly size: number;
  /** What pins the object for a later `open`. */
  readonly version: string;
}
