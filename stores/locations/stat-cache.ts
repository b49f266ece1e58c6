import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson } from '../../spec/json.ts';
import { isDigest, type Digest } from '../../spec/digest.ts';

/** What tells a file's version without reading it. */
export interface FileStamp {
  /** Absolute, with links resolved. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Time of the last change of the content, nanoseconds since 1970, as a decimal text. */
  readonly mtimeNs: string;
  /** Number of the file in its file system, as a decimal text. */
  readonly ino: string;
}

/** Remembers the digests of files, so that unchanged ones are not read again. */
export interface StatCache {
  get(stamp: FileStamp): Digest | undefined;
  set(stamp: FileStamp, digest: Digest): void;
}

/** A stat cache in a file: `save` writes what was learnt. */
export interface SavedStatCache extends StatCache {
  save(): Promise<void>;
}

/**
 * Reads a stat cache from a JSON file. A missing or damaged file is an empty cache: the only cost is reading the data
 * again. Two processes that save at once lose nothing but the other's new entries.
 */
export async function readStatCache(path: string): Promise<SavedStatCache> {
  const entries = new Map(await readEntries(path));
  let changed = false;
  return {
    get(stamp) {
      const entry = entries.get(stamp.path);
      return entry !== undefined && entry.stamp === stampText(stamp) ? entry.digest : undefined;
    },
    set(stamp, digest) {
      entries.set(stamp.path, { stamp: stampText(stamp), digest });
      changed = true;
    },
    async save() {
      if (!changed) return;
      await mkdir(dirname(path), { recursive: true });
      const temporary = `${path}.${process.pid}.tmp`;
      await writeFile(temporary, canonicalJson(Object.fromEntries(entries)));
      await rename(temporary, path);
      changed = false;
    },
  };
}

interface Entry {
  readonly stamp: string;
  readonly digest: Digest;
}

function stampText({ size, mtimeNs, ino }: FileStamp): string {
  return `${size} ${mtimeNs} ${ino}`;
}

async function readEntries(path: string): Promise<[string, Entry][]> {
  try {
    const read: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof read !== 'object' || read === null) return [];
    return Object.entries(read).flatMap(([file, entry]: [string, unknown]) =>
      isEntry(entry) ? [[file, entry] as [string, Entry]] : [],
    );
  } catch {
    return [];
  }
}

function isEntry(entry: unknown): entry is Entry {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'stamp' in entry &&
    'digest' in entry &&
    typeof entry.digest === 'string' &&
    isDigest(entry.digest)
  );
}
