import { collect, component, forEach, gt, int, pipeline, required, when, type Int } from 'ferrule';

export const square = component({}, async ({ n }: { readonly n: Int }): Promise<Int> => n * n);

export const total = component({}, async ({ values }: { readonly values: readonly Int[] }): Promise<Int> =>
  values.reduce((sum, value) => sum + value, 0),
);

export const squares = pipeline(
  'squares',
  { values: required<readonly Int[]>(), at_most: int(10) },
  ({ values, at_most }) => {
    const squared = forEach(values, (value) => square({ n: value }));
    when(gt(at_most, 10), () => square({ n: at_most }));
    return total({ values: collect(squared).Output }).outputs;
  },
);

export default pipeline('sub-pipelines', { lists: [[int(1), int(2)], [int(3)]] }, ({ lists }) => {
  const inner = forEach(lists, (values) => squares({ values }));
  return total({ values: collect(inner).Output }).outputs;
});
