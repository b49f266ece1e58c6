/** What a cache entry remembers of a file it was made from, to tell whether the file is still the same. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { digestOf, type Digest } from '../spec/index.ts';

export interface FileRecord {
  /** Relative to the project, so that a project may be moved. */
  readonly path: string;
  readonly size: number;
  /** Time of the last change, in milliseconds, as the file system has it. */
  readonly changed: number;
  readonly digest: Digest;
  /** Whether the change was so recent that another one could hide behind the same size and time. */
  readonly racy: boolean;
}

/** Times of files are coarse on some file systems, in milliseconds. */
const coarseness = 2000;

/** Records files for a cache entry that is being made. */
export class FileRecorder {
  readonly #root: string;
  /** Files that changed later than this may not be what was read. */
  readonly #start = Date.now() - coarseness;
  readonly #read = new Map<string, Digest>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Notes what was read of a file, so that an edit since then cannot pass for it. */
  note(file: string, content: string | Uint8Array): void {
    this.#read.set(file, digestOf(content));
  }

  /** Records a file. Throws what the file system throws. */
  record(file: string): FileRecord {
    const { size, mtimeMs } = statSync(file);
    return {
      path: path.relative(this.#root, file),
      size,
      changed: mtimeMs,
      digest: this.#read.get(file) ?? digestOf(readFileSync(file)),
      racy: mtimeMs > this.#start,
    };
  }
}

/**
 * Checks that a file still has the content that was recorded. Gives the record, a newer one where the file had to be
 * read to tell, or undefined where its content is another.
 */
export function checkRecord(root: string, record: FileRecord): FileRecord | undefined {
  const file = path.resolve(root, record.path);
  const now = Date.now();
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.size !== record.size) return undefined;
  if (stat.mtimeMs === record.changed && !record.racy) return record;
  if (digestOf(readFileSync(file)) !== record.digest) return undefined;
  return { ...record, changed: stat.mtimeMs, racy: stat.mtimeMs > now - coarseness };
}
