import {
  collect,
  component,
  forEach,
  gt,
  int,
  lte,
  pipeline,
  required,
  when,
  type Dataset,
  type Int,
} from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }, _out: { data: Dataset }): Int => n);
export const join = component(
  { image: 'a' },
  (_inputs: { ns: readonly Int[]; parts: readonly Dataset[] }) => {},
);

export default pipeline('collected-of-branch', { ns: required<Int[]>(), least: int(2) }, ({ ns, least }) => {
  const large = forEach(ns, (n) => when(gt(n, least), () => make({ n })));
  const small = forEach(ns, (n) => when(lte(n, least), () => forEach([1, 2], (m) => make({ n: m }))));
  join({ ns: collect(large).Output, parts: collect(small).data });
});
