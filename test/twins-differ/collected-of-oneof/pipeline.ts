import { collect, component, forEach, gt, oneOf, pipeline, when, type Int } from 'ferrule';

export const say = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const total = component({ image: 'a' }, (_inputs: { ns: readonly Int[] }) => {});

export default pipeline('collected-of-oneof', {}, () => {
  const each = forEach([1, 2], (n) => oneOf(when(gt(n, 1), () => say({ n })).otherwise(() => say({ n: 0 }))));
  total({ ns: collect(each).Output });
});
