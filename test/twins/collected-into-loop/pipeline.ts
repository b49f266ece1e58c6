import { collect, component, forEach, pipeline, type Int } from 'ferrule';

export const double = component({ image: 'a' }, ({ n }: { n: Int }): Int => n * 2);
export const use = component({ image: 'a' }, (_inputs: { n: Int }) => {});
export const same = component({ image: 'a' }, ({ ns }: { ns: readonly Int[] }): readonly Int[] => ns);

export default pipeline('collected-into-loop', {}, () => {
  const doubled = forEach([1, 2, 3], (n) => double({ n }));
  const all = same({ ns: collect(doubled).Output });
  forEach(all.outputs.Output, (n) => use({ n }), { name: 'again', parallelism: 1 });
});
