import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
  openFile,
} from '../../stores/locations/index.ts';
import { bucketError } from '../../stores/locations/bucket-errors.ts';
import { startFakeGcs, type FakeGcs } from './fake-bucket.ts';
import { fakeGcs } from '../counterparts.ts';

describe.skipIf(fakeGcs === undefined)('a bucket', () => {
  let server: FakeGcs;
  let folder: string;

  beforeAll(async () => {
    server = await startFakeGcs(fakeGcs ?? '');
    folder = await mkdtemp(join(tmpdir(), 'ferrule-buckets-'));
    await server.makeBucket('photos');
    await server.makeBucket('empty-bucket');
    await server.put('photos', 'set/dew/1 ü.jpg', 'one');
    await server.put('photos', 'set/frost/2.jpg', 'two');
    await server.put('photos', 'set/frost/', '');
    await server.put('photos', 'settings.json', '{}');
    await server.put('photos', 'nested/nested', 'inner');
  });
  afterAll(async () => {
    server.stop();
    await rm(folder, { recursive: true });
  });

  const digestAt = async (text: string): Promise<string> => {
    const found = await digestLocation(text, { endpoint: server.endpoint });
    return found.kind === 'digest' ? found.digest : found.reason;
  };

  it('is listed under a prefix: neither its neighbours nor folder markers are in it', async () => {
    const listing = await listLocation('gs://photos/set', { endpoint: server.endpoint });
    expect(listing).toMatchObject({
      kind: 'listed',
      files: [
        { path: 'dew/1 ü.jpg', size: 3, checksum: expect.stringMatching(/^md5:/) as string },
        { path: 'frost/2.jpg', size: 3 },
      ],
    });
  });

  it('is downloaded to a folder, and opened as streams', async () => {
    const listing = await listLocation('gs://photos/set', { endpoint: server.endpoint });
    if (listing.kind !== 'listed') throw new Error('not listed');
    const paths = await fetchFiles(listing, folder, { endpoint: server.endpoint, concurrency: 2 });
    expect(paths).toEqual([join(folder, 'dew', '1 ü.jpg'), join(folder, 'frost', '2.jpg')]);
    expect(await readFile(paths[0] ?? '', 'utf8')).toBe('one');
    const [first] = listing.files;
    if (first === undefined) throw new Error('no file');
    const chunks = [];
    for await (const chunk of await openFile(listing, first, { endpoint: server.endpoint }))
      chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('one');
  });

  it('gives one object as one file, also where a folder above has the same name', async () => {
    const place = await fetchOne('gs://photos/settings.json', folder, { endpoint: server.endpoint });
    expect(await readFile(place, 'utf8')).toBe('{}');
    const inner = await fetchOne('gs://photos/nested/nested', folder, { endpoint: server.endpoint });
    expect(await readFile(inner, 'utf8')).toBe('inner');
  });

  it('has a digest of names, sizes and checksums: uploading the same again changes nothing', async () => {
    await server.makeBucket('watched');
    await server.put('watched', 'a/1.jpg', 'one');
    await server.put('watched', 'a/2.jpg', 'two');
    const digest = await digestAt('watched');
    await server.put('watched', 'a/1.jpg', 'one');
    expect(await digestAt('gs://watched/')).toBe(digest);
    await server.put('watched', 'a/1.jpg', 'eno');
    const changed = await digestAt('watched');
    expect(changed).not.toBe(digest);
    await server.put('watched', 'a/3.jpg', '');
    expect(await digestAt('watched')).not.toBe(changed);
  });

  it('with many pages is listed whole', async () => {
    await server.makeBucket('many');
    const names = Array.from({ length: 1203 }, (_, index) => `n/${String(index).padStart(5, '0')}`);
    for (let start = 0; start < names.length; start += 50)
      await Promise.all(names.slice(start, start + 50).map((name) => server.put('many', name, name)));
    const listing = await listLocation('many', { endpoint: server.endpoint, cwd: folder });
    expect(listing.kind === 'listed' ? listing.files.map((file) => file.path) : []).toEqual(names);
  });

  it.each([
    ['gs://no-such-bucket', 'FER5024', 'gs://no-such-bucket'],
    ['gs://empty-bucket', 'FER5022', 'gs://empty-bucket holds no files'],
    ['gs://photos/no/such/prefix', 'FER5022', 'gs://photos/no/such/prefix'],
  ])('%s is an error %s that names it', async (text, code, word) => {
    await expect(listLocation(text, { endpoint: server.endpoint })).rejects.toMatchObject({
      code,
      problem: expect.stringContaining(word) as string,
      fix: expect.any(String) as string,
    });
  });

  it('with an object whose name would leave the folder is refused', async () => {
    await server.makeBucket('sly');
    await server.put('sly', 'a/../../escape.jpg', 'x');
    await expect(listLocation('gs://sly', { endpoint: server.endpoint })).rejects.toMatchObject({
      code: 'FER5027',
      problem: expect.stringContaining('a/../../escape.jpg') as string,
    });
  });

  it('is found through STORAGE_EMULATOR_HOST, with the path of the API or without', async () => {
    for (const host of [server.endpoint, `${server.endpoint}/storage/v1`]) {
      const listed = await inFreshProcess('gs://photos/set', { STORAGE_EMULATOR_HOST: host });
      expect(listed).toBe('2 files');
    }
  });
});

describe('without a storage service', () => {
  it('missing credentials are an error that says how to sign in', () => {
    const thrown = new Error('Could not load the default credentials. Browse to https://...');
    expect(bucketError(thrown, 'some-bucket')).toMatchObject({
      code: 'FER5025',
      problem: 'there are no credentials to read gs://some-bucket',
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
    [403, 'may not be read'],
  ])('an answer %i is an error of the credentials', async (status, word) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: status, message: 'no access' } }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const listing = listLocation('gs://private', { endpoint: `http://127.0.0.1:${port}` });
    await expect(listing).rejects.toMatchObject({
      code: 'FER5025',
      problem: expect.stringContaining(word) as string,
    });
    server.close();
  });

  it('a service that does not answer is an error that may pass', async () => {
    await expect(
      listLocation('gs://some-bucket', {
        endpoint: 'http://127.0.0.1:9',
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
