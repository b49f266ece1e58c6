import { randomBytes } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../spec/index.ts';
import { openBucket } from '../../stores/buckets/open-bucket.ts';
import { bucketFiles } from '../../stores/files/bucket-files.ts';
import type { FileStore } from '../../stores/files/file-store.ts';
import { mapBounded } from '../../stores/locations/bounded.ts';
import { parseBucketUri } from '../../stores/root-address.ts';
import { slowProxy } from './slow-proxy.ts';
import { temporaryFolder } from './root-folder.ts';
import { rootKinds, serverOf } from './roots.ts';
import { startGcs, startS3, type StoreServer } from './servers.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';

const oddNames = [
  'plain',
  'with space',
  'ü/ñ/日本.txt',
  'a#b',
  'a?b=c&d',
  '100%/%20',
  'q"uo\'te',
  '+plus',
  '.hidden/x',
];

for (const kind of rootKinds())
  describe.skipIf(kind.absent)(`files in ${kind.name}`, () => {
    const fresh = async (): Promise<FileStore> => (await kind.fresh()).root.files;

    it('gives back every byte, whatever the name, and tells size and digest', async () => {
      const files = await fresh();
      const folder = await temporaryFolder();
      const source = join(folder, 'source');
      for (const [index, name] of oddNames.entries()) {
        await writeFile(source, `content ${index}`);
        const stored = await files.upload(source, `odd/${name}`);
        expect(stored).toMatchObject({ size: 9, digest: digestOf(`content ${index}`) });
        const target = join(folder, 'got', `${index}`);
        expect(await files.download(`odd/${name}`, target, stored)).toMatchObject({ digest: stored.digest });
        expect(await readFile(target, 'utf8')).toBe(`content ${index}`);
        const looked = await files.look(`odd/${name}`);
        expect(looked).toMatchObject({ key: `odd/${name}`, size: 9, checksum: stored.checksum });
      }
      const listed = await files.list('odd/');
      expect(listed.map(({ key }) => key).sort()).toEqual(oddNames.map((name) => `odd/${name}`).sort());
      await files.remove(listed.map(({ key }) => key));
      expect(await files.list('odd/')).toEqual([]);
      expect(await files.look('odd/plain')).toBeUndefined();
      await files.remove(['odd/plain']);
    });

    it('keeps an empty file', async () => {
      const files = await fresh();
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'empty'), '');
      expect(await files.upload(join(folder, 'empty'), 'empty')).toMatchObject({
        size: 0,
        digest: digestOf(''),
      });
      await files.download('empty', join(folder, 'got'), { size: 0, digest: digestOf('') });
      expect(await readFile(join(folder, 'got'), 'utf8')).toBe('');
    });

    it('lists what a prefix begins, and nothing else', async () => {
      const files = await fresh();
      const source = join(await temporaryFolder(), 'source');
      await writeFile(source, 'x');
      for (const key of ['a/x', 'a/y/z', 'ab/x', 'b']) await files.upload(source, key);
      expect((await files.list('a/')).map(({ key }) => key)).toEqual(['a/x', 'a/y/z']);
      expect((await files.list('nothing/')).length).toBe(0);
      expect((await files.list('')).map(({ key }) => key)).toEqual(['a/x', 'a/y/z', 'ab/x', 'b']);
    });

    it('moves a file of 40 MB', async () => {
      const files = await fresh();
      const folder = await temporaryFolder();
      const content = randomBytes(40 * 1024 * 1024 + 1);
      await writeFile(join(folder, 'large'), content);
      const stored = await files.upload(join(folder, 'large'), 'large');
      expect(stored).toMatchObject({ size: content.length, digest: digestOf(content) });
      await files.download('large', join(folder, 'got'), stored);
      expect((await readFile(join(folder, 'got'))).equals(content)).toBe(true);
    }, 180_000);

    it('moves 1010 small files, over pages of a listing, and removes them', async () => {
      const files = await fresh();
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'small'), 'small');
      const keys = Array.from({ length: 1010 }, (_, index) => `many/${index % 7}/${index}`);
      await mapBounded(keys, 16, (key) => files.upload(join(folder, 'small'), key));
      const listed = await files.list('many/');
      expect(listed.length).toBe(1010);
      await mapBounded(listed, 16, ({ key, size }) => files.download(key, join(folder, key), { size }));
      await files.remove(keys);
      expect((await files.list('many/')).length).toBe(0);
    }, 180_000);

    it('says what is gone, or not what was expected, and leaves no half of it', async () => {
      const files = await fresh();
      const folder = await temporaryFolder();
      const got = join(folder, 'in', 'got');
      await expect(files.download('gone', got)).rejects.toMatchObject({ code: 'FER5028', retryable: true });
      await writeFile(join(folder, 'x'), 'x');
      await files.upload(join(folder, 'x'), 'x');
      for (const wrong of [{ size: 2 }, { digest: digestOf('y') }])
        await expect(files.download('x', got, wrong)).rejects.toMatchObject({ code: 'FER5028' });
      expect(await readdir(join(folder, 'in'))).toEqual([]);
      await expect(files.upload(join(folder, 'absent'), 'y')).rejects.toMatchObject({ code: 'FER5001' });
    });
  });

const servers = [
  ['Google Cloud Storage', fakeGcs, startGcs],
  ['S3', versitygw, startS3],
] as const;

for (const [name, program, start] of servers)
  describe.skipIf(program === undefined)(`a transfer that breaks, to ${name}`, () => {
    const server = serverOf(() => start(program ?? ''));
    const large = randomBytes(24 * 1024 * 1024);

    async function filesOver(to: StoreServer, env: StoreServer['env'] = to.env): Promise<FileStore> {
      const address = parseBucketUri(await to.freshBucket());
      if (address === undefined) throw new Error('no bucket');
      return bucketFiles(await openBucket(address, env), '');
    }

    it('goes on after the server was killed in the middle and came back', async () => {
      const it = await server();
      const files = await filesOver(it);
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'large'), large);
      const sending = files.upload(join(folder, 'large'), 'large');
      await wait(60);
      await Promise.all([it.kill(), wait(400)]);
      await it.start();
      expect(await sending).toMatchObject({ size: large.length, digest: digestOf(large) });
      const receiving = files.download('large', join(folder, 'got'), { digest: digestOf(large) });
      await wait(15);
      await Promise.all([it.kill(), wait(400)]);
      await it.start();
      await receiving;
      expect((await readFile(join(folder, 'got'))).equals(large)).toBe(true);
    }, 180_000);

    it('goes on at the byte where each connection ended', async () => {
      const it = await server();
      const folder = await temporaryFolder();
      const direct = await filesOver(it);
      await writeFile(join(folder, 'large'), large);
      await direct.upload(join(folder, 'large'), 'large');
      const proxy = await slowProxy(it.endpoint);
      try {
        const uri = direct.uri;
        const address = parseBucketUri(uri);
        if (address === undefined) throw new Error('no bucket');
        const env = { ...it.env, FERRULE_GCS_ENDPOINT: proxy.endpoint, AWS_ENDPOINT_URL_S3: proxy.endpoint };
        const files = bucketFiles(await openBucket(address, env), '');
        proxy.cutAfter(6 * 1024 * 1024, 1);
        expect(await files.upload(join(folder, 'large'), 'again')).toMatchObject({ digest: digestOf(large) });
        expect(proxy.cut()).toBe(1);
        await direct.download('again', join(folder, 'again'), { digest: digestOf(large) });
        proxy.cutAfter(5 * 1024 * 1024);
        await files.download('large', join(folder, 'got'), { digest: digestOf(large) });
        expect(proxy.cut()).toBeGreaterThanOrEqual(4);
        expect((await readFile(join(folder, 'got'))).equals(large)).toBe(true);
      } finally {
        await proxy.close();
      }
    }, 180_000);
  });
