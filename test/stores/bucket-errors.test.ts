import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StoreEnv } from '../../stores/buckets/gcs-client.ts';
import { openRoot, type Root } from '../../stores/index.ts';
import { faultyProxy, type Fault, type FaultyProxy } from './faulty-proxy.ts';
import { temporaryFolder } from './root-folder.ts';
import { serverOf } from './roots.ts';
import { freePort, startGcs, startS3 } from './servers.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';

const kinds = [
  { name: 'Google Cloud Storage', scheme: 'gs', program: fakeGcs, start: startGcs },
  { name: 'S3', scheme: 's3', program: versitygw, start: startS3 },
] as const;

const none: Fault = { kind: 'none' };
const busy: Fault = { kind: 'answer', status: 503, body: 'busy' };

for (const { name, scheme, program, start } of kinds)
  describe.skipIf(program === undefined)(`what goes wrong with a bucket of ${name}`, () => {
    const server = serverOf(() => start(program ?? ''));

    const open = async (uri: string, env: StoreEnv): Promise<Root> =>
      openRoot(uri, { env, localFolder: await temporaryFolder() });

    /** Tells the environment that leads to another endpoint. */
    const leadingTo = async (endpoint: string): Promise<StoreEnv> => ({
      ...(await server()).env,
      FERRULE_GCS_ENDPOINT: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
    });

    /** A root behind a proxy that spoils requests once it is told to. */
    const spoilt = async (): Promise<{
      readonly root: Root;
      readonly proxy: FaultyProxy;
      readonly spoil: (by: (method: string, index: number) => Fault) => void;
    }> => {
      const { endpoint, freshBucket } = await server();
      let fault: (method: string, index: number) => Fault = () => none;
      let since = 0;
      const proxy = await faultyProxy(endpoint, ({ method = '' }, index) => fault(method, index - since));
      onTestFinished(() => proxy.close());
      const root = await open(await freshBucket(), await leadingTo(proxy.endpoint));
      return {
        root,
        proxy,
        spoil(by) {
          since = proxy.requests.length;
          fault = by;
        },
      };
    };

    it('says that there is no such bucket', async () => {
      await expect(open(`${scheme}://nothing-here/x`, (await server()).env)).rejects.toMatchObject({
        code: 'FER5024',
        problem: expect.stringContaining(`${scheme}://nothing-here`),
      });
    });

    it('says within ten seconds where nobody answers, or nobody listens', async () => {
      const silent = await faultyProxy('', () => ({ kind: 'silence' }));
      onTestFinished(() => silent.close());
      for (const endpoint of [silent.endpoint, `http://127.0.0.1:${await freePort()}`]) {
        const before = Date.now();
        await expect(open(`${scheme}://some-bucket`, await leadingTo(endpoint))).rejects.toMatchObject({
          code: 'FER5026',
          retryable: true,
          problem: expect.stringContaining(endpoint),
        });
        expect(Date.now() - before).toBeLessThan(12_000);
      }
    }, 40_000);

    it.each([
      [403, 'FER5025', scheme === 'gs' ? /Storage Object User/ : /s3:ListBucket/],
      [401, 'FER5025', scheme === 'gs' ? /gcloud auth/ : /AWS_ACCESS_KEY_ID/],
    ])('says what to ask for where the answer is %s', async (status, code, fix) => {
      const forbidding = await faultyProxy('', () => ({ kind: 'answer', status, body: 'no' }));
      onTestFinished(() => forbidding.close());
      await expect(
        open(`${scheme}://some-bucket`, await leadingTo(forbidding.endpoint)),
      ).rejects.toMatchObject({ code, fix: expect.stringMatching(fix) });
    });

    it('asks again where the server is busy for a while', async () => {
      const { root, spoil } = await spoilt();
      spoil((_, index) => (index < 3 ? busy : none));
      expect(await root.objects.create('a', 'x')).toBe('created');
      spoil((_, index) => (index < 3 ? busy : none));
      expect((await root.objects.read('a'))?.content).toBe('x');
      spoil((_, index) => (index < 3 ? busy : none));
      expect(await root.objects.names('')).toEqual(['a']);
    }, 30_000);

    it('knows its own object where the answer to its creation got lost', async () => {
      const { root, spoil } = await spoilt();
      spoil((method, index) => (method !== 'GET' && index === 0 ? { kind: 'lose-answer' } : none));
      expect(await root.objects.create('log/0', 'mine')).toBe('created');
      // Another's, which was there before, is still another's.
      spoil((method, index) => (method !== 'GET' && index === 0 ? { kind: 'lose-answer' } : none));
      expect(await root.objects.create('log/0', 'theirs')).toBe('exists');
    }, 30_000);

    it('uploads a file again where a connection breaks, and says so where it cannot', async () => {
      const { root, spoil } = await spoilt();
      const file = join(await temporaryFolder(), 'file');
      await writeFile(file, 'content');
      spoil((_, index) => (index < 2 ? busy : none));
      await root.files.upload(file, 'file');
      await root.files.download('file', `${file}-back`);
      expect(await readFile(`${file}-back`, 'utf8')).toBe('content');
      spoil(() => ({ kind: 'answer', status: 403, body: 'no' }));
      await expect(root.files.upload(file, 'file')).rejects.toMatchObject({ code: 'FER5025' });
    }, 30_000);
  });

describe.skipIf(versitygw === undefined)('credentials of S3', () => {
  const server = serverOf(() => startS3(versitygw ?? ''));

  it.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, /were refused/],
    ['a wrong key', { AWS_ACCESS_KEY_ID: 'wrong' }, /were refused/],
  ])('are named where they are refused: %s', async (_, wrong, problem) => {
    const { env, freshBucket } = await server();
    await expect(openRoot(await freshBucket(), { env: { ...env, ...wrong } })).rejects.toMatchObject({
      code: 'FER5025',
      problem: expect.stringMatching(problem),
      fix: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
  });
});
