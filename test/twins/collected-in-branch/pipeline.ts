import { collect, component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const double = component({ image: 'a' }, ({ n }: { n: Int }): Int => n * 2);
export const add = component({ image: 'a' }, ({ ns }: { ns: readonly Int[] }): Int =>
  ns.reduce((sum, n) => sum + n, 0),
);

export default pipeline('collected-in-branch', { mode: 'full', ns: [int(1), int(2)] }, ({ mode, ns }) => {
  when(eq(mode, 'full'), () => {
    const doubled = forEach(ns, (n) => double({ n }));
    const all = add({ ns: collect(doubled).Output });
    double({ n: all.outputs.Output });
  });
});
