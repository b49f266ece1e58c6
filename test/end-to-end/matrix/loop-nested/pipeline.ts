import { collect, component, forEach, gt, int, pipeline, when, type Int } from 'ferrule';

export const upto = component({}, async ({ n }: { readonly n: Int }): Promise<readonly (readonly Int[])[]> =>
  Array.from({ length: n }, (_, row) => Array.from({ length: row }, (_, column) => row + column)),
);

export const double = component({}, async ({ n }: { readonly n: Int }): Promise<Int> => {
  if (!Number.isInteger(n)) throw new Error(`${n} is no integer`);
  return 2 * n;
});

export const add = component(
  {},
  async ({ rows }: { readonly rows: readonly (readonly Int[])[] }): Promise<string> => {
    const texts = rows.map((row) => `[${row.join(', ')}]`);
    return `[${texts.join(', ')}] ${rows.flat().reduce((sum, n) => sum + n, 0)}`;
  },
);

export default pipeline('loop-nested', { n: int(3) }, ({ n }) => {
  const rows = upto({ n });
  const doubled = forEach(rows.outputs.Output, (row) =>
    forEach(row, (item) => {
      const twice = double({ n: item });
      when(gt(item, 5), () => double({ n: item }));
      return twice;
    }),
  );
  return add({ rows: collect(doubled).Output }).outputs;
});
