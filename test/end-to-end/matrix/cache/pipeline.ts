import { component, int, pipeline, type Dataset, type Int } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

export const write = component({}, async ({ n }: { readonly n: Int }, out: { readonly data: Dataset }) => {
  await writeFile(out.data.path, 'x'.repeat(n));
});

export const measure = component({}, async ({ data }: { readonly data: Dataset }): Promise<Int> => {
  const text = await readFile(data.path, 'utf8');
  return text.length;
});

export default pipeline('cache', { n: int(3) }, ({ n }) => {
  const written = write({ n });
  return measure({ data: written.outputs.data }).outputs;
});
