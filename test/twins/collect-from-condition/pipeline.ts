import { collect, component, forEach, gt, pipeline, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const total = component({ image: 'b' }, (_inputs: { values: readonly Int[] }) => {});

export default pipeline('collect-from-condition', {}, () => {
  const loop = forEach([1, 2, 3], (n) => when(gt(n, 1), () => make({ n })));
  total({ values: collect(loop).Output });
});
