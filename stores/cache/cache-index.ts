import { cacheEntryVersion, type CacheEntry, type CacheIndex } from '../../engine/ports.ts';
import { hexOf, type Digest } from '../../spec/index.ts';
import type { ObjectStore } from '../objects/object-store.ts';

/** Keeps cache entries as `cache/<2 hex>/<hex>.json`. */
export function cacheIndex(objects: ObjectStore): CacheIndex {
  return {
    async read(fingerprint) {
      const object = await objects.read(keyOf(fingerprint));
      return object === undefined ? undefined : readEntry(object.content);
    },
    async create(entry) {
      const key = keyOf(entry.fingerprint);
      const content = JSON.stringify(entry);
      if ((await objects.create(key, content)) === 'created') return 'created';
      // What does not read is no entry: it must not keep its place for good.
      const there = await objects.read(key);
      if (there === undefined || isEntry(there.content)) return 'exists';
      return (await objects.replace(key, there.version, content)) === 'replaced' ? 'created' : 'exists';
    },
    async replace(stale, entry) {
      const key = keyOf(entry.fingerprint);
      const there = await objects.read(key);
      // An entry that was read is written the same again: fields keep their order, metrics among them.
      if (there?.content !== JSON.stringify(stale)) return 'changed';
      return objects.replace(key, there.version, JSON.stringify(entry));
    },
  };
}

/** Where the entry of a fingerprint lies. */
function keyOf(fingerprint: Digest): string {
  const hex = hexOf(fingerprint);
  return `cache/${hex.slice(0, 2)}/${hex}.json`;
}

/** Reads an entry; undefined for one of another version, which is as good as none. */
export function readEntry(content: string): CacheEntry | undefined {
  const entry = JSON.parse(content) as CacheEntry;
  return entry.version === cacheEntryVersion ? entry : undefined;
}

function isEntry(content: string): boolean {
  try {
    return readEntry(content) !== undefined;
  } catch {
    return false;
  }
}
