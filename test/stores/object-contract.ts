import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../stores/objects/object-store.ts';

/** What every object store promises, whatever keeps it. */
export function objectStoreContract(name: string, make: () => Promise<ObjectStore>): void {
  describe(`${name} as an object store`, () => {
    it('gives back what was written, byte for byte, and nothing for what was not', async () => {
      const objects = await make();
      const content = 'ü — \u{1F600}\n\0 "quoted" \r\n';
      expect(await objects.create('a/b/c.json', content)).toBe('created');
      expect((await objects.read('a/b/c.json'))?.content).toBe(content);
      expect(await objects.read('a/b')).toBeUndefined();
      expect(await objects.read('a/b/c.json/d')).toBeUndefined();
      expect(await objects.read('z')).toBeUndefined();
    });

    it('has one winner where many create the same object at once', async () => {
      const objects = await make();
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, index) => objects.create('a/b', `${index}`.repeat(1000))),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      const winner = outcomes.indexOf('created');
      expect((await objects.read('a/b'))?.content).toBe(`${winner}`.repeat(1000));
    });

    it('replaces only the version that was read, and lets one of many win', async () => {
      const objects = await make();
      await objects.create('x', 'old');
      const version = (await objects.read('x'))?.version ?? '';
      const outcomes = await Promise.all(['a', 'b', 'c'].map((text) => objects.replace('x', version, text)));
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      expect(await objects.replace('x', version, 'late')).toBe('changed');
      expect(await objects.replace('gone', version, 'late')).toBe('changed');
      expect(await objects.read('gone')).toBeUndefined();
    });

    it('lists the names below a folder in order, each once', async () => {
      const objects = await make();
      for (const key of ['runs/b/log/0', 'runs/b/spec', 'runs/a/spec', 'runsother/x'])
        await objects.create(key, '');
      expect(await objects.names('runs')).toEqual(['a', 'b']);
      expect(await objects.names('nothing')).toEqual([]);
    });

    it('tells when an object was written', async () => {
      const objects = await make();
      expect(await objects.writtenAt('x')).toBeUndefined();
      await objects.create('x', '');
      expect(await objects.writtenAt('x')).toBeGreaterThan(0);
    });

    it('removes an object, or all below a folder, and does not mind what is gone', async () => {
      const objects = await make();
      for (const key of ['a/x', 'a/y/z', 'ab']) await objects.create(key, '');
      await objects.remove('a/y/z');
      expect(await objects.read('a/x')).toBeDefined();
      await objects.remove('a');
      await objects.remove('a');
      expect(await objects.read('a/x')).toBeUndefined();
      expect(await objects.read('ab')).toBeDefined();
      expect(await objects.create('a/x', 'again')).toBe('created');
    });
  });
}
