import { readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, digestOfFolder } from '../../spec/index.ts';
import { openRoot, type Root } from '../../stores/index.ts';
import { componentWriting, freshRoot } from './root-folder.ts';
import { rootKinds } from './roots.ts';
import { attempt, entry, outputsOf, overwrite, sealOne, strict, writeTree } from './sealing.ts';

for (const kind of rootKinds())
  describe.skipIf(kind.absent)(`artifacts in ${kind.name}`, () => {
    const fresh = async (): Promise<Root> => (await kind.fresh()).root;

    it('digests a file by its bytes and a folder by its files, links inside it followed', async () => {
      const file = await sealOne(await fresh(), (path) => writeFile(path, 'hello'));
      expect(file).toMatchObject({ digest: digestOf('hello'), size: 5, files: 1, folder: false });
      expect(await sealOne(await fresh(), writeTree)).toMatchObject({
        digest: digestOfFolder([
          entry('link.txt', 'b'),
          entry('sub dir/b#1?%20.txt', 'b'),
          entry('ü.txt', 'a'),
        ]),
        size: 3,
        files: 3,
        folder: true,
      });
    });

    it('brings a file, a folder and an empty folder to a machine that has nothing', async () => {
      for (const [write, read] of [
        [(path: string) => writeFile(path, 'hello'), (path: string) => [readFileSync(path, 'utf8')]],
        [
          writeTree,
          (path: string) => [
            readFileSync(join(path, 'ü.txt'), 'utf8'),
            readFileSync(join(path, 'link.txt'), 'utf8'),
          ],
        ],
        [(path: string) => mkdir(path), () => []],
      ] as const) {
        const { root, elsewhere } = await kind.fresh();
        const record = await sealOne(root, write);
        const there = await elsewhere();
        const path = await there.artifacts.fetch(record);
        const expected = record.files === 3 ? ['a', 'b'] : record.files === 1 ? ['hello'] : [];
        expect(read(path)).toEqual(expected);
        expect(await there.artifacts.fetch(record)).toBe(path);
        expect(await there.artifacts.verify(record)).toEqual({ kind: 'intact' });
      }
    });

    it('gives an artifact its content, whatever a component wrote into the copy before', async () => {
      if (kind.name === 'a folder') return;
      const { elsewhere, root } = await kind.fresh();
      const record = await sealOne(root, writeTree);
      for (const machine of [root, await elsewhere()]) {
        const copy = await machine.artifacts.fetch(record);
        await writeFile(join(copy, 'ü.txt'), 'spoilt');
        await writeFile(join(copy, 'more.txt'), 'spoilt');
        const next = await machine.artifacts.fetch(record);
        expect(await readFile(join(next, 'ü.txt'), 'utf8')).toBe('a');
        expect((await readdir(next)).sort()).not.toContain('more.txt');
      }
    });

    it('gives pages the ending by which a browser opens them', async () => {
      const root = await fresh();
      expect((await sealOne(root, (path) => writeFile(path, ''), 'system.HTML')).uri).toBe(
        'runs/r1/tasks/inner/make/1/data.html',
      );
      for (const staging of ['driver', 'attempt'] as const) {
        const places = root.artifacts.places(attempt, componentWriting({ data: 'system.Markdown' }), staging);
        expect(places.outputs.artifacts?.['data']?.artifacts[0]?.uri).toMatch(/\/data\.md$/);
      }
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
      const root = await fresh();
      await expect(sealOne(root, write)).rejects.toMatchObject({ code: 'FER5006' });
      expect(await root.artifacts.result(attempt)).toBeUndefined();
    });

    it('refuses an output that was not written, unless it is metadata alone', async () => {
      const root = await fresh();
      await expect(sealOne(root, async () => undefined)).rejects.toMatchObject({ code: 'FER5009' });
      const metrics = await sealOne(root, async () => undefined, 'system.Metrics');
      expect(metrics).toMatchObject({ files: 0 });
      expect(await root.artifacts.verify(metrics)).toEqual({ kind: 'intact' });
      await expect(readFile(await root.artifacts.fetch(metrics))).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('refuses an output that a component moved out of its folder, by a path or through a link', async () => {
      const root = await fresh();
      const component = componentWriting({ data: 'system.Dataset' });
      const { folder } = await root.artifacts.prepare(attempt, component);
      await symlink('/etc', join(folder, 'etc'));
      const uris = [
        '/etc/hostname',
        `${folder}/../../../../../spec.json`,
        `${folder}/etc/hostname`,
        `${root.uri}/runs/other/tasks/make/1/data`,
      ];
      for (const uri of uris) {
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
      const root = await fresh();
      const component = componentWriting({ data: 'system.Dataset' });
      const first = await sealOne(root, (path) => writeFile(path, 'first'));
      const { outputs } = root.artifacts.places(attempt, component, 'driver');
      const path = outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '';
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, 'second');
      const again = await root.artifacts.seal(attempt, component, {}, strict);
      expect(outputsOf(again)[0]).toEqual(first);
    });

    it.each([
      [{ ...attempt, task: '../../../etc' }],
      [{ ...attempt, runId: '..' }],
      [{ ...attempt, task: 'a//b' }],
      [{ ...attempt, task: '/abs' }],
    ])('refuses an attempt whose names would lead out of the root: %j', async (key) => {
      const root = await fresh();
      const prepared = (async () => root.artifacts.prepare(key, componentWriting({})))();
      await expect(prepared).rejects.toMatchObject({ code: 'FER5008' });
    });

    it.each(['../x', 'a/b', 'result.json', 'log.txt', 'marks.json', 'assignment.json', '.ferrule', ''])(
      'refuses an output called %j',
      async (name) => {
        const { artifacts } = await fresh();
        for (const staging of ['driver', 'attempt'] as const)
          expect(() =>
            artifacts.places(attempt, componentWriting({ [name]: 'system.Dataset' }), staging),
          ).toThrow(expect.objectContaining({ code: 'FER5008' }));
      },
    );

    it('does not resolve a URI that leaves the root', async () => {
      const root = await fresh();
      expect(() => root.artifacts.locate('runs/../../x')).toThrow(
        expect.objectContaining({ code: 'FER5008' }),
      );
      expect(root.artifacts.locate('runs/x')).toBe(`${root.uri}/runs/x`);
      expect(root.artifacts.locate('gs://bucket/x')).toBe('gs://bucket/x');
    });

    it('tells whether an artifact is still what it was, by its content', async () => {
      const root = await fresh();
      const record = await sealOne(root, (path) => writeFile(path, 'hello'));
      expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
      // The same bytes once more: on disk with another time, in a bucket as another generation.
      await overwrite(root, record.uri, 'hello');
      expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
      await overwrite(root, record.uri, 'HELLO');
      const changed = { kind: 'stale', reason: `${record.uri} was changed` };
      expect(await root.artifacts.verify(record)).toEqual(changed);
      await root.files.remove([record.uri]);
      expect(await root.artifacts.verify(record)).toEqual({ kind: 'stale', reason: `${record.uri} is gone` });
    });

    it('sees a file that was added to a folder, and one that is gone', async () => {
      const root = await fresh();
      const record = await sealOne(root, writeTree);
      await overwrite(root, `${record.uri}/new.txt`, 'x');
      expect(await root.artifacts.verify(record)).toMatchObject({ kind: 'stale' });
      await root.files.remove([`${record.uri}/new.txt`]);
      expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
      await root.files.remove([`${record.uri}/ü.txt`]);
      expect(await root.artifacts.verify(record)).toMatchObject({ kind: 'stale' });
    });
  });

describe('artifacts in a folder', () => {
  it('does not mind the times of files', async () => {
    const root = await freshRoot();
    const record = await sealOne(root, (path) => writeFile(path, 'hello'));
    await utimes(root.artifacts.locate(record.uri), new Date(0), new Date(0));
    expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
  });

  it('finds everything again after the root has moved', async () => {
    const root = await freshRoot();
    const record = await sealOne(root, (path) => writeFile(path, 'hello'));
    await rename(root.uri, `${root.uri}-moved`);
    const moved = await openRoot(`${root.uri}-moved`);
    expect(await moved.artifacts.verify(record)).toEqual({ kind: 'intact' });
    expect(await readFile(moved.artifacts.locate(record.uri), 'utf8')).toBe('hello');
  });

  it('takes up a log whose last line a driver that died left half', async () => {
    const root = await freshRoot();
    const log = await root.artifacts.openLog(attempt);
    log.line('whole');
    await log.close();
    const file = root.artifacts.locate('runs/r1/tasks/inner/make/1/log.txt');
    await writeFile(file, 'whole\nhal');
    const next = await root.artifacts.openLog(attempt);
    expect(next.kept).toBe(1);
    next.line('half');
    await next.close();
    expect(await root.readLog(attempt)).toBe('whole\nhalf\n');
  });
});

describe('the text of a root', () => {
  it.each(['http://bucket/runs', 'gs://B/x', 'gs://', 's3://a', 'gs://bucket//x', 'gs://bucket/a/../b'])(
    'refuses %j',
    async (text) => {
      await expect(openRoot(text)).rejects.toMatchObject({ code: 'FER5002' });
    },
  );
});
