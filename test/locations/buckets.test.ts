import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  digestLocation,
  fetchFiles,
  fetchOne,
  listLocation,
  mapBounded,
  openFile,
} from '../../stores/locations/index.ts';
import { gcsError } from '../../stores/buckets/gcs-error.ts';
import { openBucket } from '../../stores/buckets/open-bucket.ts';
import { parseBucketUri } from '../../stores/root-address.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';
import { startFakeGcs, type FakeGcs } from './fake-bucket.ts';
import { startGcs, startS3, type StoreServer } from '../stores/servers.ts';

describe.each([
  { name: 'GCS', program: fakeGcs, start: startGcs, mark: 'md5:' },
  { name: 'S3', program: versitygw, start: startS3, mark: 'etag:' },
])('a place in $name', ({ program, start, mark }) => {
  describe.skipIf(program === undefined)('of files', () => {
    let server: StoreServer;
    let folder: string;
    let photos: string;
    const put = async (uri: string, files: Readonly<Record<string, string>>): Promise<void> => {
      const address = parseBucketUri(uri);
      if (address === undefined) throw new Error(uri);
      const bucket = await openBucket(address, server.env);
      await mapBounded(
        Object.entries(files),
        50,
        async ([key, content]) => void (await bucket.write(key, content, { kind: 'always' })),
      );
    };
    const bucketWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
      const uri = await server.freshBucket();
      await put(uri, files);
      return uri;
    };
    const digestAt = async (text: string): Promise<string> => {
      const found = await digestLocation(text, { env: server.env });
      return found.kind === 'digest' ? found.digest : found.reason;
    };

    beforeAll(async () => {
      server = await start(program ?? '');
      folder = await mkdtemp(join(tmpdir(), 'ferrule-buckets-'));
      photos = await bucketWith({
        'set/dew/1 ü.jpg': 'one',
        'set/frost/2.jpg': 'two',
        'set-apart/3.jpg': 'three',
        'settings.json': '{}',
        'nested/nested': 'inner',
      });
    });
    afterAll(async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    });

    it('is listed under a prefix: neither its neighbours nor folder markers are in it', async () => {
      await put(photos, { 'set/frost/': '' });
      const listing = await listLocation(`${photos}/set`, { env: server.env });
      expect(listing).toMatchObject({
        kind: 'listed',
        files: [
          { path: 'dew/1 ü.jpg', size: 3, checksum: expect.stringContaining(mark) as string },
          { path: 'frost/2.jpg', size: 3 },
        ],
      });
    });

    it('is downloaded to a folder, and opened as streams', async () => {
      const listing = await listLocation(`${photos}/set`, { env: server.env });
      if (listing.kind !== 'listed') throw new Error('not listed');
      const paths = await fetchFiles(listing, folder, { env: server.env, concurrency: 2 });
      expect(paths).toEqual([join(folder, 'dew', '1 ü.jpg'), join(folder, 'frost', '2.jpg')]);
      expect(await readFile(paths[0] ?? '', 'utf8')).toBe('one');
      const [first] = listing.files;
      if (first === undefined) throw new Error('no file');
      const chunks = [];
      for await (const chunk of await openFile(listing, first, { env: server.env }))
        chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).toString()).toBe('one');
    });

    it('leaves nothing of a file behind whose download was stopped, or that became another meanwhile', async () => {
      const uri = await bucketWith({ 'a/long.bin': 'x'.repeat(3_000_000) });
      const listing = await listLocation(`${uri}/a`, { env: server.env });
      if (listing.kind !== 'listed') throw new Error('not listed');
      const place = join(folder, 'stopped');
      const stopped = fetchFiles(listing, place, { env: server.env, signal: AbortSignal.abort() });
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
      await put(uri, { 'a/long.bin': 'shorter' });
      const changed = fetchFiles(listing, place, { env: server.env });
      await expect(changed).rejects.toMatchObject({ code: 'FER5028' });
      expect(await readdir(place).catch(() => [])).toEqual([]);
    });

    it('gives one object as one file, also where a folder above has the same name', async () => {
      const place = await fetchOne(`${photos}/settings.json`, folder, { env: server.env });
      expect(await readFile(place, 'utf8')).toBe('{}');
      const inner = await fetchOne(`${photos}/nested/nested`, folder, { env: server.env });
      expect(await readFile(inner, 'utf8')).toBe('inner');
    });

    it('has a digest of names, sizes and checksums: uploading the same again changes nothing', async () => {
      const uri = await bucketWith({ 'a/1.jpg': 'one', 'a/2.jpg': 'two' });
      const digest = await digestAt(uri);
      await put(uri, { 'a/1.jpg': 'one' });
      expect(await digestAt(`${uri}/`)).toBe(digest);
      await put(uri, { 'a/1.jpg': 'eno' });
      const changed = await digestAt(uri);
      expect(changed).not.toBe(digest);
      await put(uri, { 'a/3.jpg': '' });
      expect(await digestAt(uri)).not.toBe(changed);
    });

    it('counts by what is in it, not by what it is called', async () => {
      const one = await bucketWith({ 'a/x': '1', 'a/y': '2', 'a-b': '3' });
      const other = await bucketWith({ 'b/x': '1', 'b/y': '2' });
      expect(await digestLocation(`${one}/a`, { env: server.env })).toMatchObject({ size: 2, files: 2 });
      expect(await digestAt(`${one}/a`)).toBe(await digestAt(`${other}/b`));
      expect(await digestAt(`${one}/a/x`)).toBe(await digestAt(`${other}/b/x`));
    });

    it('with many pages is listed whole', async () => {
      const names = Array.from({ length: 1203 }, (_, index) => `n/${String(index).padStart(5, '0')}`);
      const uri = await bucketWith(Object.fromEntries(names.map((name) => [name, name])));
      const listing = await listLocation(uri, { env: server.env });
      expect(listing.kind === 'listed' ? listing.files.map((file) => file.path) : []).toEqual(names);
    });

    it('that is not there, or holds nothing, is an error that names it', async () => {
      const empty = await server.freshBucket();
      const scheme = empty.slice(0, 2);
      for (const [text, code, word] of [
        [`${scheme}://no-such-bucket`, 'FER5024', `${scheme}://no-such-bucket`],
        [empty, 'FER5022', `${empty} holds no files`],
        [`${photos}/no/such/prefix`, 'FER5022', `${photos}/no/such/prefix`],
      ] as const)
        await expect(listLocation(text, { env: server.env })).rejects.toMatchObject({
          code,
          problem: expect.stringContaining(word) as string,
          fix: expect.any(String) as string,
        });
    });
  });
});

describe.skipIf(fakeGcs === undefined)('a bucket of GCS', () => {
  let server: FakeGcs;
  beforeAll(async () => {
    server = await startFakeGcs(fakeGcs ?? '');
  });
  afterAll(() => server.stop());

  it('with an object whose name would leave the folder is refused', async () => {
    await server.makeBucket('sly');
    await server.put('sly', 'a/../../escape.jpg', 'x');
    const env = { FERRULE_GCS_ENDPOINT: server.endpoint };
    await expect(listLocation('gs://sly', { env })).rejects.toMatchObject({
      code: 'FER5027',
      problem: expect.stringContaining('a/../../escape.jpg') as string,
    });
  });

  it('may be named by a bare word, and is found through STORAGE_EMULATOR_HOST, with the path of the API or without', async () => {
    await server.makeBucket('photos');
    await server.put('photos', 'set/1.jpg', 'x');
    for (const host of [server.endpoint, `${server.endpoint}/storage/v1`])
      expect(await inFreshProcess('photos', { STORAGE_EMULATOR_HOST: host })).toBe('1 files');
  });
});

describe('without a storage service', () => {
  it('missing credentials are an error that says how to sign in', () => {
    const thrown = new Error('Could not load the default credentials. Browse to https://...');
    expect(
      gcsError('gs://some-bucket', 'https://storage.googleapis.com', thrown, 'listing it'),
    ).toMatchObject({
      code: 'FER5025',
      problem: expect.stringContaining('there are no credentials for gs://some-bucket') as string,
      fix: expect.stringContaining('gcloud auth application-default login') as string,
    });
  });

  it('a key file that is not there is an error that says so', async () => {
    const said = await inFreshProcess('gs://some-bucket', {
      GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent/key.json',
    });
    expect(said).toMatch(/^FER5025 .*gs:\/\/some-bucket.*GOOGLE_APPLICATION_CREDENTIALS/);
  });

  it.each([
    [401, 'refused'],
    [403, 'do not allow it'],
  ])('an answer %i is an error of the credentials', async (status, word) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: status, message: 'no access' } }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const listing = listLocation('gs://private', {
      env: { FERRULE_GCS_ENDPOINT: `http://127.0.0.1:${port}` },
    });
    await expect(listing).rejects.toMatchObject({
      code: 'FER5025',
      problem: expect.stringContaining(word) as string,
    });
    server.close();
  });

  it('a service that does not answer is an error that may pass', async () => {
    await expect(
      listLocation('gs://some-bucket', {
        env: { FERRULE_GCS_ENDPOINT: 'http://127.0.0.1:9' },
        signal: AbortSignal.timeout(30_000),
      }),
    ).rejects.toMatchObject({ code: 'FER5026', retryable: true });
  });
});

/** Lists a location in a process of its own, since the storage library reads its environment when it loads. */
async function inFreshProcess(text: string, env: Record<string, string>): Promise<string> {
  const code = `
    import { createServer } from 'vite';
    const server = await createServer({ configFile: false, logLevel: 'silent', server: { middlewareMode: true, hmr: false, ws: false }, optimizeDeps: { noDiscovery: true } });
    const { listLocation } = await server.ssrLoadModule('/stores/locations/index.ts');
    console.log(await listLocation(${JSON.stringify(text)}).then(
      (listing) => listing.files.length + ' files',
      (error) => [error.code, error.problem, error.fix].join(' ').replaceAll('\\n', ' '),
    ));
    await server.close();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return stdout.trim();
}
