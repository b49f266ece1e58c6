import { component, eq, gt, int, oneOf, pipeline, when, type Dataset, type Int } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

/** Writes numbers to a file, one a line. */
export const measure = component(
  {},
  async ({ size }: { size: Int }, out: { data: Dataset }): Promise<Int> => {
    await writeFile(out.data.path, Array.from({ length: size }, (_, index) => String(index)).join('\n'));
    return size;
  },
);

/** Keeps each n-th line. */
export const thin = component(
  {},
  async (
    { data, every }: { data: Dataset; every: Int },
    out: { data: Dataset },
  ): Promise<{ how: string }> => {
    const lines = (await readFile(data.path, 'utf8')).split('\n');
    await writeFile(out.data.path, lines.filter((_, index) => index % every === 0).join('\n'));
    return { how: `every ${every}` };
  },
);

/** Counts lines. */
export const count = component({}, async ({ data }: { data: Dataset }): Promise<Int> => {
  return (await readFile(data.path, 'utf8')).split('\n').length;
});

/** Takes what the branch gave that ran: a file and a text. All branches give the same. */
export default pipeline('oneof', { size: int(1000), mode: 'auto' }, ({ size, mode }) => {
  const measured = measure({ size }).outputs;
  const { data, how } = oneOf(
    when(eq(mode, 'all'), () => thin({ data: measured.data, every: 1 }))
      .elseWhen(gt(measured.Output, 500), () => thin({ data: measured.data, every: 10 }), { name: 'large' })
      .otherwise(() => thin({ data: measured.data, every: 2 })),
  );
  return { lines: count({ data }).outputs.Output, how };
});
