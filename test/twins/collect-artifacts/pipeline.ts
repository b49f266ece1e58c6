import { collect, component, forEach, pipeline, type Dataset, type Int } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: { n: Int }, _out: { data: Dataset }) => {});
export const merge = component({ image: 'b' }, (_inputs: { parts: readonly Dataset[] }) => {});

export default pipeline('collect-artifacts', {}, () => {
  const loop = forEach([1, 2], (n) => make({ n }));
  const { data } = collect(loop);
  merge({ parts: data });
  return { Output: data };
});
