/** What every store of templates must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TemplateStore } from '../../remotes/ports.ts';
import { UserError } from '../../errors/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { platform, templateOf } from './templates.ts';

export interface TestedStore {
  readonly store: TemplateStore;
  /** How many times a document was sent to the service and taken. */
  uploads(): number;
  close(): Promise<void>;
}

export function templateContract(name: string, open: () => Promise<TestedStore>): void {
  describe(`${name}, as a store of templates`, () => {
    let tested: TestedStore;
    let store: TemplateStore;
    beforeEach(async () => {
      tested = await open();
      store = tested.store;
    });
    afterEach(async () => {
      await store.close();
      await tested.close();
    });
    const codeOf = async (work: Promise<unknown>): Promise<string> => {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof UserError)) throw new Error(`no coded error, but ${String(error)}`);
      expect(error.fix).toBeTruthy();
      return error.code;
    };

    it('keeps what is uploaded, with description and tags', async () => {
      const template = templateOf('first', 'hello', platform);
      const upload = await store.upload(template, {
        tags: ['one', 'latest'],
        description: 'says ü & "hello"',
      });
      expect(upload.kind).toBe('uploaded');
      expect(upload.tags.map(({ kind, tag }) => `${kind} ${tag}`)).toEqual(['added one', 'added latest']);
      const { name } = upload.version;
      expect(await store.version('first', 'latest')).toMatchObject({
        name,
        package: 'first',
        description: 'says ü & "hello"',
        tags: ['latest', 'one'],
      });
      const download = await store.download('first', 'one');
      expect(download.version.name).toBe(name);
      expect(readPipelineDocument(download.text, 'download')).toEqual(template.compiled);
      expect((await store.packages()).map((one) => one.name)).toEqual(['first']);
      expect((await store.package('first')).createdAt).toMatch(/^20\d\d-/);
    });

    it('recognises the same content, uploads nothing, and moves tags all the same', async () => {
      const first = await store.upload(templateOf('same'), { tags: ['a'] });
      const other = await store.upload(templateOf('same', 'other'), { tags: ['b'] });
      expect(tested.uploads()).toBe(2);
      const again = await store.upload(templateOf('same'), { tags: ['a', 'b', 'c'] });
      expect(tested.uploads()).toBe(2);
      expect(again.kind).toBe('unchanged');
      expect(again.version.name).toBe(first.version.name);
      expect(again.tags).toEqual([
        { kind: 'kept', tag: 'a', version: first.version.name },
        { kind: 'moved', tag: 'b', version: first.version.name, from: other.version.name },
        { kind: 'added', tag: 'c', version: first.version.name },
      ]);
      expect((await store.version('same', 'b')).name).toBe(first.version.name);
    });

    it('lists versions newest first, and packages, over as many pages as there are', async () => {
      const names: string[] = [];
      for (const text of ['1', '2', '3', '4', '5'])
        names.unshift((await store.upload(templateOf('many', text))).version.name);
      for (const name of ['c', 'a', 'b']) await store.upload(templateOf(name));
      expect((await store.versions('many')).map(({ name }) => name)).toEqual(names);
      expect((await store.packages()).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'many']);
    });

    it('adds, moves, keeps and removes tags', async () => {
      const old = (await store.upload(templateOf('tagged', 'old'))).version.name;
      const young = (await store.upload(templateOf('tagged', 'young'))).version.name;
      expect(await store.tag('tagged', old, 'stable')).toEqual({
        kind: 'added',
        tag: 'stable',
        version: old,
      });
      expect(await store.tag('tagged', young, 'stable')).toEqual({
        kind: 'moved',
        tag: 'stable',
        version: young,
        from: old,
      });
      expect((await store.tag('tagged', 'stable', 'stable')).kind).toBe('kept');
      await store.tag('tagged', 'stable', 'blessed');
      expect((await store.tags('tagged')).map((tag) => [tag.name, tag.version])).toEqual([
        ['blessed', young],
        ['stable', young],
      ]);
      await store.untag('tagged', 'stable');
      expect((await store.tags('tagged')).map(({ name }) => name)).toEqual(['blessed']);
      expect((await store.versions('tagged')).map(({ name }) => name)).toEqual([young, old]);
    });

    it('deletes versions, those with tags only by force, and packages', async () => {
      const one = (await store.upload(templateOf('gone', '1'), { tags: ['keep'] })).version.name;
      const two = (await store.upload(templateOf('gone', '2'))).version.name;
      await store.deleteVersion('gone', two);
      expect((await store.versions('gone')).map(({ name }) => name)).toEqual([one]);
      expect(await codeOf(store.deleteVersion('gone', one))).toBe('FER8007');
      await store.deleteVersion('gone', one, { force: true });
      expect(await store.tags('gone')).toEqual([]);
      await store.upload(templateOf('gone', '3'));
      await store.deletePackage('gone');
      expect(await codeOf(store.package('gone'))).toBe('FER8004');
    });

    it('says what is not there', async () => {
      expect(await store.packages()).toEqual([]);
      expect(await codeOf(store.package('nothing'))).toBe('FER8004');
      expect(await codeOf(store.versions('nothing'))).toBe('FER8004');
      expect(await codeOf(store.tags('nothing'))).toBe('FER8004');
      expect(await codeOf(store.deletePackage('nothing'))).toBe('FER8004');
      const { name } = (await store.upload(templateOf('some'))).version;
      expect(await codeOf(store.version('some', 'no-tag'))).toBe('FER8004');
      expect(await codeOf(store.download('some', 'no-tag'))).toBe('FER8004');
      expect(await codeOf(store.untag('some', 'no-tag'))).toBe('FER8004');
      expect(await codeOf(store.tag('some', 'no-tag', 'tag'))).toBe('FER8004');
      expect(await codeOf(store.tag('some', name, 'Not A Tag'))).toBe('FER8013');
      expect(await codeOf(store.upload(templateOf('other'), { tags: ['sha256:abc'] }))).toBe('FER8013');
      expect((await store.packages()).map((one) => one.name)).toEqual(['some']);
    });
  });
}
