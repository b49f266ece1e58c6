import { collect, component, forEach, pipeline, required, type Dataset, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }, _out: { data: Dataset }): Int => n);
export const join = component(
  { image: 'a' },
  (_inputs: { parts: readonly Dataset[]; ns: readonly (readonly Int[])[] }) => {},
);

export const part = pipeline('part', { n: required<Int>() }, ({ n }) => {
  const first = make({ n });
  const second = make({ n: first.outputs.Output });
  return { data: second.outputs.data, n: first.outputs.Output };
});

export default pipeline('collected-from-pipeline', {}, () => {
  const outer = forEach([1, 2], (n) =>
    forEach([3, 4], (m) => {
      const made = part({ n: m });
      make({ n });
      return made;
    }),
  );
  const all = collect(outer);
  join({ parts: all.data, ns: all.n });
  return { Output: all.n };
});
