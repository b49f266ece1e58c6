import type { Digest } from '../../spec/index.ts';

/**
 * Files of any size by key: what artifacts, logs and bundles are kept as. Keys are relative paths with `/`, of any
 * characters that a file's name may have. At most eight files are transferred at a time, whoever asks. A transfer
 * that breaks is tried again before it fails.
 */
export interface FileStore {
  /** The root's absolute path or URI. */
  readonly uri: string;
  /** Keeps a file, whatever lay at the key. The file is read once. */
  upload(path: string, key: string): Promise<StoredFile>;
  /**
   * Brings a file to a path of this machine; it appears there whole, or not at all. Makes the folders above it.
   * @throws InfrastructureError FER5028 where it is gone, or not what was expected
   */
  download(
    key: string,
    path: string,
    expected?: Download,
  ): Promise<{ readonly size: number; readonly digest: Digest }>;
  /** Tells what is known of one file; undefined where there is none. */
  look(key: string): Promise<ListedFile | undefined>;
  /**
   * Lists the files whose keys begin with a prefix, in byte order. A key that ends in `/` stands for a folder with
   * nothing in it.
   */
  list(prefix: string): Promise<readonly ListedFile[]>;
  /** Removes files, and folders with nothing in them; those that are gone count as removed. */
  remove(keys: readonly string[]): Promise<void>;
}

interface StoredFile {
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
  /** As `list` tells it. */
  readonly checksum: string;
}

export interface ListedFile {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** The same for the same content put there in the same way; another one for other content. */
  readonly checksum: string;
}

export interface ExpectedFile {
  readonly size?: number;
  readonly digest?: Digest;
}

interface Download extends ExpectedFile {
  /** Stops it: nothing is left of what arrived. */
  readonly signal?: AbortSignal;
}

/** How many files are transferred at a time. */
export const transfersAtOnce = 8;
