import { collect, component, forEach, pipeline, required, type Dataset } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

export const write = component(
  {},
  async ({ text }: { readonly text: string }, out: { readonly data: Dataset }) => {
    await writeFile(out.data.path, text);
  },
);

export const shout = component(
  {},
  async ({ data }: { readonly data: Dataset }, out: { readonly loud: Dataset }) => {
    await writeFile(out.loud.path, (await readFile(data.path, 'utf8')).toUpperCase());
  },
);

export const join = component(
  {},
  async ({ data }: { readonly data: readonly Dataset[] }): Promise<string> => {
    const texts = await Promise.all(data.map(({ path }) => readFile(path, 'utf8')));
    return texts.join('+');
  },
);

export const shoutAll = pipeline('shout-all', { data: required<readonly Dataset[]>() }, ({ data }) => {
  const shouted = forEach(data, (one) => shout({ data: one }));
  return { all: collect(shouted).loud };
});

export default pipeline('loop-artifacts', { words: ['a', 'b'] }, ({ words }) => {
  const written = forEach(words, (word) => write({ text: word }));
  const shouted = shoutAll({ data: collect(written).data });
  return join({ data: shouted.outputs.all }).outputs;
});
