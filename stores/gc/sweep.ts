import type { ListedFile } from '../files/file-store.ts';

/** What lies under a root, by one listing, and what of it is to go. */
export interface Sweep {
  files(): readonly ListedFile[];
  /** The keys below a folder. */
  below(folder: string): readonly string[];
  /** The names right below a folder. */
  namesIn(folder: string): readonly string[];
  /** Marks a file, or all below a folder, to go. */
  take(path: string): void;
  /** The keys of all that is to go. */
  taken(): readonly string[];
  /** Bytes, of all that is to go. */
  bytes(): number;
}

/** @param listed in byte order of the keys or not: it is put in order here */
export function sweepOf(listed: readonly ListedFile[]): Sweep {
  const files = [...listed].sort((a, b) => (a.key < b.key ? -1 : 1));
  const taken = new Map<string, number>();
  /** The first place whose key is not before a text. */
  const placeOf = (text: string): number => {
    let low = 0;
    let high = files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((files[middle]?.key ?? '') < text) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const inFolder = (folder: string): readonly ListedFile[] =>
    // "0" follows "/": all keys below the folder lie between the two.
    files.slice(placeOf(`${folder}/`), placeOf(`${folder}0`));
  return {
    files: () => files,
    below: (folder) => inFolder(folder).map(({ key }) => key),
    namesIn: (folder) => [
      ...new Set(inFolder(folder).map(({ key }) => key.slice(folder.length + 1).split('/')[0] ?? '')),
    ],
    take(path) {
      const one = files[placeOf(path)];
      for (const { key, size } of one?.key === path ? [one, ...inFolder(path)] : inFolder(path))
        taken.set(key, size);
    },
    taken: () => [...taken.keys()],
    bytes: () => [...taken.values()].reduce((sum, size) => sum + size, 0),
  };
}
