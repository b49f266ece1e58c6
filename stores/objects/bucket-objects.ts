import { compareText } from '../../spec/index.ts';
import type { Bucket } from '../buckets/bucket.ts';
import { checkedKey } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Keeps objects in a bucket. That one writer wins is the service's own promise: conditions on a generation, or a tag.
 * @param prefix what comes before all keys: empty, or with a `/` at its end
 */
export function bucketObjects(bucket: Bucket, prefix: string): ObjectStore {
  const keyOf = async (key: string): Promise<string> => Promise.resolve(prefix + checkedKey(key));
  return {
    read: async (key) => bucket.read(await keyOf(key)),
    async create(key, content) {
      const outcome = await bucket.write(await keyOf(key), content, { kind: 'absent' });
      return outcome === 'written' ? 'created' : 'exists';
    },
    async replace(key, version, content) {
      const outcome = await bucket.write(await keyOf(key), content, { kind: 'version', version });
      return outcome === 'written' ? 'replaced' : 'changed';
    },
    async names(folder, from) {
      const below = folder === '' ? prefix : `${await keyOf(folder)}/`;
      const names = await bucket.names(below, from);
      return names.filter((name) => name !== '' && !name.startsWith('.')).sort(compareText);
    },
    writtenAt: async (key) => (await bucket.facts(await keyOf(key)))?.modified,
    async remove(key) {
      const own = await keyOf(key);
      const below = async (): Promise<void> => {
        for await (const page of bucket.list(`${own}/`)) await bucket.remove(page.map((one) => one.key));
      };
      await Promise.all([bucket.remove([own]), below()]);
    },
  };
}
