import { constants } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mapBounded } from 'ferrule/data';
import { groupedBy } from './grouped.ts';
import type { Photograph } from './photograph.ts';

export interface PlaceOptions {
  /** Names of the photographs within their class, by digest. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether the files are our own copies: then a hard link will do, else the bytes are copied. */
  readonly own: boolean;
  readonly signal: AbortSignal;
}

/** Puts photographs into a folder as `<class>/<file>`, with their original bytes. */
export async function place(
  photographs: readonly Photograph[],
  folder: string,
  { names, own, signal }: PlaceOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const classes = new Set(photographs.map((photograph) => photograph.className));
  for (const name of classes) await mkdir(join(folder, name), { recursive: true });
  await mapBounded(
    photographs,
    8,
    async (photograph) => {
      const { className, digest } = photograph;
      const target = join(folder, className, names.get(digest) ?? digest);
      await (own ? linkOrCopy(photograph.file, target) : copy(photograph.file, target));
    },
    signal,
  );
}

/**
 * Names photographs within their class: by their file name, or, where two folders of a class hold the same name, with
 * the start of their content's digest as well. Gives the names by digest; no two photographs have the same one.
 */
export function fileNames(photographs: readonly Photograph[]): ReadonlyMap<string, string> {
  const key = (photograph: Photograph): string =>
    `${photograph.className}/${baseName(photograph)}`.toLowerCase();
  const taken = groupedBy(photographs, key);
  const nameOf = (photograph: Photograph): string => {
    const name = baseName(photograph);
    if (taken.get(key(photograph))?.length === 1) return name;
    const dot = name.lastIndexOf('.');
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    return `${stem}-${photograph.digest.slice(0, 16)}${extension}`;
  };
  return new Map(photographs.map((photograph) => [photograph.digest, nameOf(photograph)]));
}

function baseName({ path }: Photograph): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    // Another file system, or one without links.
    await copy(from, to);
  }
}

/** A copy, sharing blocks where the file system can: a link would let a later edit of the original change our output. */
async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
