import { collect, component, eq, forEach, pipeline, when, type Dataset, type Int } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: { n: Int }, _out: { data: Dataset }) => {});
export const join = component({ image: 'a' }, (_inputs: { parts: readonly Dataset[] }) => {});

export default pipeline('collected-artifacts-further-in', { flag: true }, ({ flag }) => {
  const made = forEach([1, 2], (n) => make({ n }));
  when(eq(flag, true), () => join({ parts: collect(made).data }));
});
