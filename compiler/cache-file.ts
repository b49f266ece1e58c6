/** JSON files of the compiler's cache: written aside and renamed, trusted only while what they were made of is unchanged. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOfJson, hexOf, type JsonValue } from '../spec/index.ts';
import { checkRecord, type FileRecord } from './file-record.ts';

export interface CacheEntry {
  /** What made the entry: another compiler does not trust it. */
  readonly compiler: string;
  readonly files: readonly FileRecord[];
}

/** Names a cache entry by all that it depends on besides files' contents. */
export function cacheKey(value: JsonValue): string {
  return hexOf(digestOfJson(value)).slice(0, 32);
}

/** Reads an entry that is still true; undefined where there is none. A damaged one counts as none. */
export function readEntry<T extends CacheEntry>(file: string, root: string, compiler: string): T | undefined {
  let entry: T;
  try {
    entry = JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
  if (entry.compiler !== compiler) return undefined;
  const files = entry.files.map((record) => checkRecord(root, record));
  if (!files.every((record) => record !== undefined)) return undefined;
  if (files.every((record, index) => record === entry.files[index])) return entry;
  // Files that were new when the entry was made need not be read again the next time.
  const renewed = { ...entry, files };
  try {
    writeWhole(file, JSON.stringify(renewed));
  } catch {
    // A cache that cannot be written still holds.
  }
  return renewed;
}

/** Writes a file so that a reader sees it whole or not at all. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(aside, content);
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
