import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, type Digest } from '../../spec/index.ts';
import type { ArtifactRecord } from '../../engine/ports.ts';
import { openRoot, type Root } from '../../stores/index.ts';
import { temporaryFolder } from './root-folder.ts';
import { rootKinds } from './roots.ts';

const imported = (uri: string): ArtifactRecord => ({
  name: 'data',
  type: { schemaTitle: 'system.Dataset' },
  uri,
  metadata: {},
  size: 0,
  files: 0,
  folder: false,
});

const kinds = rootKinds();

for (const kind of kinds.filter(({ name }) => name !== 'a folder'))
  describe.skipIf(kind.absent)(`what was imported from ${kind.name}`, () => {
    /** A bucket with data in it, and a root that is a folder of this machine. */
    const made = async (): Promise<{ readonly bucket: Root; readonly folder: Root }> => {
      const { root: bucket, env } = await kind.fresh();
      const local = await temporaryFolder();
      const folder = await openRoot(join(local, 'root'), { localFolder: join(local, 'local'), env });
      const file = join(local, 'file');
      for (const [key, content] of [
        ['data/a.txt', 'a'],
        ['data/sub/b.txt', 'b'],
        ['database.csv', 'c'],
      ] as const) {
        await writeFile(file, content);
        await bucket.files.upload(file, key);
      }
      return { bucket, folder };
    };

    it('is brought to this machine as a folder, or as the one file that it is', async () => {
      const { bucket, folder } = await made();
      for (const root of [folder, bucket]) {
        const data = await root.artifacts.fetch(imported(`${bucket.uri}/data`));
        expect((await readdir(data, { recursive: true })).sort()).toEqual(['a.txt', 'sub', 'sub/b.txt']);
        expect(await root.artifacts.fetch(imported(`${bucket.uri}/data/`))).toBe(data);
        const file = await root.artifacts.fetch(imported(`${bucket.uri}/database.csv`));
        expect(file).toMatch(/database\.csv$/);
        expect(await readFile(file, 'utf8')).toBe('c');
      }
    });

    it('is brought anew once it changed', async () => {
      const { bucket, folder } = await made();
      const uri = `${bucket.uri}/database.csv`;
      const before = await folder.artifacts.fetch(imported(uri));
      const file = join(await temporaryFolder(), 'file');
      await writeFile(file, 'changed');
      await bucket.files.upload(file, 'database.csv');
      expect(await readFile(await folder.artifacts.fetch(imported(uri)), 'utf8')).toBe('changed');
      expect(await readFile(before, 'utf8')).toBe('c');
    });

    it('is named where nothing lies there', async () => {
      const { bucket, folder } = await made();
      for (const root of [folder, bucket])
        await expect(root.artifacts.fetch(imported(`${bucket.uri}/dat`))).rejects.toMatchObject({
          code: 'FER5022',
        });
    });
  });

describe('what was imported from elsewhere', () => {
  it('keeps its URI', async () => {
    const root = await openRoot(join(await temporaryFolder(), 'root'));
    for (const uri of ['https://example.org/x', '/data/x', 'oci://registry/model'])
      expect(await root.artifacts.fetch(imported(uri))).toBe(uri);
  });
});

for (const kind of kinds)
  describe.skipIf(kind.absent)(`bundles under ${kind.name}`, () => {
    const code: Digest = digestOf('some code');
    const hex = code.slice('sha256:'.length);

    it('are kept at first use, so that a machine without the project finds them', async () => {
      const project = await temporaryFolder();
      await mkdir(join(project, hex, 'assets'), { recursive: true });
      await writeFile(join(project, hex, 'bundle.mjs'), 'export {}');
      await writeFile(join(project, hex, 'assets', 'labels.json'), '[]');
      const { root, elsewhere } = await kind.fresh({ bundleFolders: [project] });
      expect(await root.bundles.folderOf(digestOf('other'))).toBeUndefined();
      expect(await root.bundles.folderOf(code)).toBeDefined();
      const there = await (await elsewhere({ bundleFolders: [] })).bundles.folderOf(code);
      expect(there).not.toContain(project);
      expect(await readFile(join(there ?? '', 'bundle.mjs'), 'utf8')).toBe('export {}');
      expect(await readFile(join(there ?? '', 'assets', 'labels.json'), 'utf8')).toBe('[]');
    });
  });
