import { collect, component, forEach, pipeline, type Dataset, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ a }: { a: Int; b: Int }, _out: { data: Dataset }): Int => a);
export const merge = component(
  { image: 'b' },
  (_inputs: { values: readonly Int[]; parts: readonly Dataset[] }) => {},
);
export const mergeAll = component(
  { image: 'b' },
  (_inputs: { values: readonly (readonly Int[])[]; parts: readonly Dataset[] }) => {},
);

export default pipeline('collect-nested', {}, () => {
  const outer = forEach([1, 2], (a) => {
    const inner = forEach([3, 4], (b) => make({ a, b }));
    const { Output, data } = collect(inner);
    merge({ values: Output, parts: data });
    return inner;
  });
  const { Output, data } = collect(outer);
  mergeAll({ values: Output, parts: data }, { name: 'merge' });
});
