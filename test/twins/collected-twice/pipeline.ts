import { collect, component, forEach, pipeline, type Dataset, type Int } from 'ferrule';

export const make = component(
  { image: 'a' },
  ({ n }: { n: Int }, _out: { data: Dataset }): { count: Int; name: string } => ({ count: n, name: 'x' }),
);
export const join = component(
  { image: 'a' },
  (_inputs: { parts: readonly Dataset[]; names: readonly string[] }, _out: { data: Dataset }) => {},
);
export const add = component({ image: 'a' }, (_inputs: { ns: readonly Int[] }) => {});

export default pipeline('collected-twice', {}, () => {
  const all = collect(forEach([1, 2], (n) => make({ n })));
  const joined = join({ parts: all.data, names: all.name });
  join({ parts: all.data, names: all.name }, { after: [joined] });
  add({ ns: all.count });
});
