import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArtifactRecord, AttemptResult } from '../../engine/ports.ts';
import { digestOf, digestOfFolder } from '../../spec/index.ts';
import { openRoot, type Root } from '../../stores/index.ts';
import { componentWriting, freshRoot } from './root-folder.ts';

const attempt = { runId: 'r1', task: 'inner/make', number: 1 };
const strict = { strict: true };

async function sealOne(
  root: Root,
  write: (path: string) => Promise<void>,
  title = 'system.Dataset',
): Promise<ArtifactRecord> {
  const component = componentWriting({ data: title });
  const places = await root.artifacts.prepare(attempt, component);
  await write(places.outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '');
  const result = await root.artifacts.seal(attempt, component, {}, strict);
  const record = outputsOf(result)[0];
  if (record === undefined) throw new Error('nothing was sealed');
  return record;
}

function outputsOf(result: AttemptResult): readonly ArtifactRecord[] {
  return result.kind === 'succeeded' ? (result.outputs.artifacts['data'] ?? []) : [];
}

describe('artifacts in a folder', () => {
  it('digests a file by its bytes and a folder by its files, links inside it followed', async () => {
    const root = await freshRoot();
    const file = await sealOne(root, (path) => writeFile(path, 'hello'));
    expect(file).toMatchObject({ digest: digestOf('hello'), size: 5, files: 1, folder: false });
    const other = await freshRoot();
    const folder = await sealOne(other, async (path) => {
      await mkdir(join(path, 'sub'), { recursive: true });
      await mkdir(join(path, 'empty'));
      await writeFile(join(path, 'sub/b.txt'), 'b');
      await writeFile(join(path, 'a.txt'), 'a');
      await symlink('sub/b.txt', join(path, 'link.txt'));
    });
    const entry = (path: string, text: string): Parameters<typeof digestOfFolder>[0][number] => ({
      path,
      size: 1,
      digest: digestOf(text),
    });
    expect(folder).toMatchObject({
      digest: digestOfFolder([entry('a.txt', 'a'), entry('link.txt', 'b'), entry('sub/b.txt', 'b')]),
      size: 3,
      files: 3,
      folder: true,
    });
  });

  it('gives pages the ending by which a browser opens them', async () => {
    const root = await freshRoot();
    expect((await sealOne(root, (path) => writeFile(path, ''), 'system.HTML')).uri).toBe(
      'runs/r1/tasks/inner/make/1/data.html',
    );
    const places = root.artifacts.places(attempt, componentWriting({ data: 'system.Markdown' }));
    expect(places.outputs.artifacts?.['data']?.artifacts[0]?.uri).toMatch(/\/data\.md$/);
  });

  it.each([
    ['leads out', (path: string): Promise<void> => symlink('/etc/hostname', path)],
    [
      'in a folder leads out',
      (path: string): Promise<void> => mkdir(path).then(() => symlink('/etc', join(path, 'x'))),
    ],
    [
      'leads nowhere',
      (path: string): Promise<void> => mkdir(path).then(() => symlink('nothing', join(path, 'x'))),
    ],
    [
      'leads to a folder around it',
      (path: string): Promise<void> => mkdir(path).then(() => symlink('.', join(path, 'x'))),
    ],
  ])('refuses an output with a link that %s', async (_, write) => {
    const root = await freshRoot();
    await expect(sealOne(root, write)).rejects.toMatchObject({ code: 'FER5006' });
    expect(await root.artifacts.result(attempt)).toBeUndefined();
  });

  it('refuses an output that was not written, unless it is metadata alone', async () => {
    const root = await freshRoot();
    await expect(sealOne(root, async () => undefined)).rejects.toMatchObject({ code: 'FER5009' });
    expect(await sealOne(root, async () => undefined, 'system.Metrics')).toMatchObject({ files: 0 });
  });

  it('refuses an output that a component moved out of its folder, by a path or through a link', async () => {
    const root = await freshRoot();
    const component = componentWriting({ data: 'system.Dataset' });
    const { folder } = await root.artifacts.prepare(attempt, component);
    await symlink('/etc', join(folder, 'etc'));
    for (const uri of ['/etc/hostname', `${folder}/../../../../../spec.json`, `${folder}/etc/hostname`]) {
      const output = { artifacts: { data: { artifacts: [{ name: 'data', uri }] } } };
      await expect(root.artifacts.seal(attempt, component, output, strict)).rejects.toMatchObject({
        code: 'FER5008',
      });
    }
    const elsewhere = { artifacts: { data: { artifacts: [{ name: 'data', uri: 'gs://bucket/x' }] } } };
    const sealed = outputsOf(await root.artifacts.seal(attempt, component, elsewhere, strict))[0];
    expect(sealed).toMatchObject({ uri: 'gs://bucket/x' });
    expect(sealed?.digest).toBeUndefined();
  });

  it('keeps the first result of an attempt, whatever comes after', async () => {
    const root = await freshRoot();
    const component = componentWriting({ data: 'system.Dataset' });
    const first = await sealOne(root, (path) => writeFile(path, 'first'));
    await writeFile(root.artifacts.locate(first.uri), 'second');
    const again = await root.artifacts.seal(attempt, component, {}, strict);
    expect(outputsOf(again)[0]).toEqual(first);
  });

  it.each([
    [{ ...attempt, task: '../../../etc' }],
    [{ ...attempt, runId: '..' }],
    [{ ...attempt, task: 'a//b' }],
    [{ ...attempt, task: '/abs' }],
  ])('refuses an attempt whose names would lead out of the root: %j', async (key) => {
    const root = await freshRoot();
    const prepared = (async () => root.artifacts.prepare(key, componentWriting({})))();
    await expect(prepared).rejects.toMatchObject({ code: 'FER5008' });
  });

  it.each(['../x', 'a/b', 'result.json', 'log.txt', '.ferrule', ''])(
    'refuses an output called %j',
    async (name) => {
      const root = await freshRoot();
      expect(() => root.artifacts.places(attempt, componentWriting({ [name]: 'system.Dataset' }))).toThrow(
        expect.objectContaining({ code: 'FER5008' }),
      );
    },
  );

  it('does not resolve a URI that leaves the root', async () => {
    const root = await freshRoot();
    expect(() => root.artifacts.locate('runs/../../x')).toThrow(expect.objectContaining({ code: 'FER5008' }));
    expect(root.artifacts.locate('gs://bucket/x')).toBe('gs://bucket/x');
  });

  it('tells whether an artifact is still what it was, by its content and not by its times', async () => {
    const root = await freshRoot();
    const record = await sealOne(root, (path) => writeFile(path, 'hello'));
    const path = root.artifacts.locate(record.uri);
    expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
    await utimes(path, new Date(0), new Date(0));
    expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
    await writeFile(path, 'HELLO');
    expect(await root.artifacts.verify(record)).toEqual({
      kind: 'stale',
      reason: `${record.uri} was changed`,
    });
    await rm(path);
    expect(await root.artifacts.verify(record)).toEqual({ kind: 'stale', reason: `${record.uri} is gone` });
  });

  it('finds everything again after the root has moved', async () => {
    const root = await freshRoot();
    const record = await sealOne(root, (path) => writeFile(path, 'hello'));
    await rename(root.uri, `${root.uri}-moved`);
    const moved = await openRoot(`${root.uri}-moved`);
    expect(await moved.artifacts.verify(record)).toEqual({ kind: 'intact' });
    expect(await readFile(moved.artifacts.locate(record.uri), 'utf8')).toBe('hello');
  });

  it('refuses a kind of root that it does not have', async () => {
    await expect(openRoot('gs://bucket/runs')).rejects.toMatchObject({ code: 'FER5002' });
  });
});
