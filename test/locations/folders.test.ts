import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  describeLocation,
  digestLocation,
  fetchFiles,
  fetchOne,
  listLocation,
  readStatCache,
  resolveLocation,
} from '../../stores/locations/index.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferrule-locations-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function pathsAt(text: string): Promise<string[]> {
  const listing = await listLocation(text, { cwd: folder });
  return listing.kind === 'listed' ? listing.files.map((file) => file.path) : [];
}

async function digestAt(text: string): Promise<string> {
  const found = await digestLocation(text, { cwd: folder });
  return found.kind === 'digest' ? found.digest : found.reason;
}

describe('the text of a location', () => {
  it('is a path where it has a slash, relative to the working directory', async () => {
    await put('photos/dew/1.jpg', 'a');
    expect(await resolveLocation('./photos', { cwd: folder })).toMatchObject({
      kind: 'folder',
      path: join(folder, 'photos'),
    });
    expect(await resolveLocation(join(folder, 'photos', 'dew', '1.jpg'))).toMatchObject({ kind: 'file' });
    expect(await resolveLocation(pathToFileURL(join(folder, 'photos')).href)).toMatchObject({
      kind: 'folder',
    });
  });

  it('is, for a bare word, the folder of that name where one lies here and else the bucket, and says which', async () => {
    const bucket = await resolveLocation('weather_imgs', { cwd: folder });
    expect(bucket).toMatchObject({ kind: 'bucket', bucket: 'weather_imgs', prefix: '' });
    expect(describeLocation(bucket)).toContain('no folder of that name lies here');
    await put('weather_imgs/dew/1.jpg', 'a');
    const found = await resolveLocation('weather_imgs', { cwd: folder });
    expect(found).toMatchObject({ kind: 'folder', path: join(folder, 'weather_imgs') });
    expect(describeLocation(found)).toContain('for a bucket of that name write gs://weather_imgs');
  });

  it('is a bucket and a prefix after gs://', async () => {
    expect(await resolveLocation('gs://my-bucket/a/b/')).toMatchObject({
      kind: 'bucket',
      bucket: 'my-bucket',
      prefix: 'a/b',
    });
  });

  it.each([
    ['', 'FER5020', 'empty'],
    ['Not A Bucket', 'FER5020', 'Not A Bucket'],
    ['gs:///x', 'FER5020', 'names no bucket'],
    ['./nowhere', 'FER5021', 'nowhere'],
    ['file:relative', 'FER5021', 'relative'],
  ])('%j is refused with %s', async (text, code, word) => {
    await expect(resolveLocation(text, { cwd: folder })).rejects.toMatchObject({
      code,
      problem: expect.stringContaining(word) as string,
      fix: expect.any(String) as string,
    });
  });
});

describe('a folder', () => {
  it('is listed with everything in it, spaces and other scripts too', async () => {
    await put('b c/ü/2.JPG', '22');
    await put('a/1.jpg', '1');
    await put('霜.png', '333');
    expect(await pathsAt('.')).toEqual(['a/1.jpg', 'b c/ü/2.JPG', '霜.png']);
    const listing = await listLocation(folder);
    const paths = listing.kind === 'listed' ? await fetchFiles(listing, '/never-used') : [];
    expect(paths[0]).toContain(join('a', '1.jpg'));
  });

  it('that holds no files is an error that names it', async () => {
    await mkdir(join(folder, 'empty', 'inner'), { recursive: true });
    await expect(listLocation('./empty', { cwd: folder })).rejects.toMatchObject({
      code: 'FER5022',
      problem: `${join(folder, 'empty')} holds no files`,
    });
  });

  it('may hold links to what is inside it', async () => {
    const target = await put('data/a/1.jpg', '1');
    await symlink(target, join(folder, 'data', 'again.jpg'));
    await symlink(join(folder, 'data', 'a'), join(folder, 'data', 'b'));
    expect(await pathsAt('./data')).toEqual(['a/1.jpg', 'again.jpg', 'b/1.jpg']);
  });

  it('must not hold links that leave it, run in a circle or lead nowhere', async () => {
    await put('outside.txt', 'x');
    await put('data/a/1.jpg', '1');
    for (const [target, code] of [
      [join(folder, 'outside.txt'), 'FER5023'],
      [join(folder, 'data'), 'FER5023'],
      [join(folder, 'gone'), 'FER5021'],
    ] as const) {
      const link = join(folder, 'data', 'a', 'link');
      await symlink(target, link);
      await expect(listLocation('./data', { cwd: folder })).rejects.toMatchObject({ code });
      await rm(link);
    }
  });

  it('has the digest of its paths and contents: not of its name, of times or of the order of listing', async () => {
    await put('x/b.txt', 'b');
    await put('x/a.txt', 'a');
    await put('y/a.txt', 'a');
    await put('y/b.txt', 'b');
    await utimes(join(folder, 'y', 'a.txt'), 1, 1);
    await mkdir(join(folder, 'y', 'empty'));
    const digest = await digestAt('./x');
    expect(digest).toMatch(/^sha256:/);
    expect(await digestAt('./y')).toBe(digest);
    await put('y/b.txt', 'c');
    expect(await digestAt('./y')).not.toBe(digest);
    await put('x/c.txt', '');
    expect(await digestAt('./x')).not.toBe(digest);
  });
});

describe('a stat cache', () => {
  it('spares reading what did not change, in a later process too', async () => {
    const file = await put('x/a.txt', 'aaaa');
    await utimes(file, 1_000_000, 1_000_000);
    const cache = await readStatCache(join(folder, 'cache', 'stats.json'));
    const first = await digestLocation('./x', { cwd: folder, statCache: cache });
    await cache.save();
    // Same size, time and inode with other bytes: only a cache that is really used gives the old digest.
    await writeFile(file, 'bbbb');
    await utimes(file, 1_000_000, 1_000_000);
    const again = await readStatCache(join(folder, 'cache', 'stats.json'));
    expect(await digestLocation('./x', { cwd: folder, statCache: again })).toEqual(first);
    await writeFile(file, 'cccc');
    expect(await digestLocation('./x', { cwd: folder, statCache: again })).not.toEqual(first);
  });

  it('does not remember a file that was written just now', async () => {
    const file = await put('x/a.txt', 'aaaa');
    const now = new Date();
    await utimes(file, now, now);
    const cache = await readStatCache(join(folder, 'stats.json'));
    const first = await digestLocation('./x', { cwd: folder, statCache: cache });
    await writeFile(file, 'bbbb');
    await utimes(file, now, now);
    expect(await digestLocation('./x', { cwd: folder, statCache: cache })).not.toEqual(first);
  });

  it('that is damaged is an empty one', async () => {
    await put('stats.json', '{"x": 1, "y": {"stamp": ');
    await put('x/a.txt', 'a');
    const statCache = await readStatCache(join(folder, 'stats.json'));
    expect(await digestLocation('./x', { cwd: folder, statCache })).toMatchObject({ kind: 'digest' });
  });
});

describe('other locations', () => {
  it('sample: and builtin: need no outside data, and their digest is that of their text', async () => {
    expect(await listLocation('sample:weather')).toMatchObject({ kind: 'included' });
    expect(await digestAt('sample:weather')).toBe(await digestAt('sample:weather'));
    expect(await digestAt('sample:weather')).not.toBe(await digestAt('builtin:weather'));
  });

  it('what Ferrule does not read has no digest, and a reason', async () => {
    expect(await digestLocation('postgres://host/table')).toEqual({
      kind: 'undigestable',
      reason: '"postgres:" is not a place that Ferrule reads itself',
    });
    await expect(listLocation('hdfs://bucket/x')).rejects.toMatchObject({ code: 'FER5020' });
  });

  it('one file can be fetched by its path, and a folder cannot be fetched as one file', async () => {
    const file = await put('models/net.onnx', 'onnx');
    expect(await fetchOne('./models/net.onnx', '/never-used', { cwd: folder })).toBe(file);
    await expect(fetchOne('./models', '/never-used', { cwd: folder })).rejects.toMatchObject({
      code: 'FER5020',
    });
  });
});
