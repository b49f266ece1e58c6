import { collect, component, forEach, pipeline, type Dataset, type Int } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: { n: Int }, _out: { data: Dataset }) => {});
export const use = component({ image: 'a' }, (_inputs: { data: Dataset }) => {});

export default pipeline('loop-over-collected', {}, () => {
  const made = forEach([1, 2], (n) => make({ n }));
  forEach(collect(made).data, (data) => use({ data }));
});
