import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { component, type Dataset, type TaskContext } from '../../sdk/index.ts';

let scratchFolder = '';

const shout = component(
  {},
  async (
    { text }: { text: string },
    out: { words: Dataset },
    { scratch }: TaskContext,
  ): Promise<{ size: number }> => {
    scratchFolder = scratch;
    await writeFile(`${scratch}/draft`, text);
    await writeFile(out.words.path, text.toUpperCase());
    if (text === '') throw new Error('nothing to shout');
    return { size: text.length };
  },
);

describe('a component that runs alone', () => {
  it('keeps its artifacts until they are removed, and its scratch folder no longer than it runs', async () => {
    const { artifacts, returned, remove } = await shout.run({ text: 'hi' });
    expect(returned).toEqual({ size: 2 });
    expect(await readFile(artifacts.words.path, 'utf8')).toBe('HI');
    expect(existsSync(scratchFolder)).toBe(false);
    await remove();
    expect(existsSync(dirname(artifacts.words.path))).toBe(false);
    await remove();
  });

  it('leaves nothing behind where it throws', async () => {
    await expect(shout.run({ text: '' })).rejects.toThrow('nothing to shout');
    expect(existsSync(dirname(scratchFolder))).toBe(false);
  });
});
