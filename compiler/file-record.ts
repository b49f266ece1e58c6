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
  /** Whether the change was so recent that another one could hide behind the same time. */
  readonly racy: boolean;
}

const racyWindow = 2000;

/** Records a file as it is now. Throws what the file system throws. */
export function recordFile(root: string, file: string): FileRecord {
  const { size, mtimeMs } = statSync(file);
  return {
    path: path.relative(root, file),
    size,
    changed: mtimeMs,
    digest: digestOf(readFileSync(file)),
    racy: Date.now() - mtimeMs < racyWindow,
  };
}

/** Whether a file still has the content that was recorded. */
export function isUnchanged(root: string, record: FileRecord): boolean {
  const file = path.resolve(root, record.path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.size !== record.size) return false;
  if (stat.mtimeMs === record.changed && !record.racy) return true;
  return digestOf(readFileSync(file)) === record.digest;
}
