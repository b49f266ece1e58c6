import { component, eq, oneOf, pipeline, when, type Dataset } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

export const write = component(
  {},
  async ({ text }: { readonly text: string }, out: { readonly data: Dataset }) => {
    await writeFile(out.data.path, text);
    out.data.metadata['by'] = text;
  },
);

export const read = component({}, async ({ data }: { readonly data: Dataset }): Promise<string> => {
  return `${await readFile(data.path, 'utf8')} by ${JSON.stringify(data.metadata['by'])}`;
});

export default pipeline('chosen-artifact', { word: 'x' }, ({ word }) => {
  const written = when(eq(word, 'a'), () => write({ text: 'A' }), { name: 'is-a' }).otherwise(() =>
    write({ text: 'other' }),
  );
  return read({ data: oneOf(written).data }).outputs;
});
