import type { Bundles } from '../../engine/ports.ts';
import type { Digest } from '../../spec/index.ts';

/** Finds each bundle once; what is missing, or failed, is looked for again the next time. */
export function keptOnce(find: (code: Digest) => Promise<string | undefined>): Bundles {
  const kept = new Map<Digest, Promise<string | undefined>>();
  return {
    async folderOf(code) {
      const known = kept.get(code);
      if (known !== undefined) return known;
      const found = find(code);
      kept.set(code, found);
      found.then(
        (folder) => folder === undefined && kept.delete(code),
        () => kept.delete(code),
      );
      return found;
    },
  };
}
