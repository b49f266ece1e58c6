import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBucket } from '../../stores/buckets/open-bucket.ts';
import { digestOutside } from '../../stores/index.ts';
import { parseBucketUri } from '../../stores/root-address.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';
import { startGcs, startS3, type StoreServer } from './servers.ts';

describe.each([
  { name: 'GCS', program: fakeGcs, start: startGcs },
  { name: 'S3', program: versitygw, start: startS3 },
])('what lies outside in $name', ({ program, start }) => {
  describe.skipIf(program === undefined)('is digested by a listing', () => {
    let server: StoreServer;
    beforeAll(async () => {
      server = await start(program ?? '');
    });
    afterAll(() => server.stop());

    const bucketWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
      const uri = await server.freshBucket();
      const address = parseBucketUri(uri);
      if (address === undefined) throw new Error(uri);
      const bucket = await openBucket(address, server.env);
      for (const [key, content] of Object.entries(files))
        await bucket.write(key, content, { kind: 'always' });
      return uri;
    };
    const digestAt = async (uri: string): Promise<string> => {
      const found = await digestOutside(uri, server.env);
      return found.kind === 'digest' ? found.digest : found.reason;
    };

    it('by names and contents, not by where it lies', async () => {
      const one = await bucketWith({ 'a/x': '1', 'a/y': '2', 'a-b': '3' });
      const other = await bucketWith({ 'b/x': '1', 'b/y': '2' });
      const changed = await bucketWith({ 'a/x': '1', 'a/y': '3' });
      expect(await digestOutside(`${one}/a`, server.env)).toMatchObject({ size: 2, files: 2 });
      expect(await digestAt(`${one}/a`)).toBe(await digestAt(`${other}/b`));
      expect(await digestAt(`${one}/a`)).not.toBe(await digestAt(`${changed}/a`));
      expect(await digestAt(`${one}/a/x`)).toBe(await digestAt(`${other}/b/x`));
    });

    it('where there is something', async () => {
      const bucket = await bucketWith({ a: '1' });
      await expect(digestOutside(`${bucket}/b`, server.env)).rejects.toMatchObject({ code: 'FER5022' });
      await expect(digestOutside('/tmp/a', server.env)).rejects.toMatchObject({ code: 'FER5002' });
    });
  });
});
