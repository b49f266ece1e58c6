import { collect, component, forEach, int, lt, pipeline, required, when, type Int } from 'ferrule';

export const double = component({ image: 'a' }, ({ n, m }: { n: Int; m: Int }): Int => n * m);
export const total = component({ image: 'a' }, (_inputs: { ns: readonly Int[]; n: Int }): Int => 0);

export default pipeline(
  'collected-in-loop',
  { ns: required<Int[]>(), ms: [int(3), int(4)] },
  ({ ns, ms }) => {
    const totals = forEach(ns, (n) => {
      const doubled = forEach(ms, (m) => double({ n, m }));
      const inside = total({ ns: collect(doubled).Output, n });
      when(lt(n, inside.outputs.Output), () => double({ n: inside.outputs.Output, m: n }));
      return inside;
    });
    const outside = total({ ns: collect(totals).Output, n: 0 });
    double({ n: outside.outputs.Output, m: 1 });
    return { Output: collect(totals).Output };
  },
);
