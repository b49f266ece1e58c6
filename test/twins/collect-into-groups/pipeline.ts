import { collect, component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

type Table = readonly (readonly Int[])[];

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const total = component({ image: 'b' }, (_inputs: { values: Table }) => {});
export const pick = component({ image: 'c' }, (_inputs: { values: Table; n: Int }) => {});

export default pipeline('collect-into-groups', { x: int(1) }, ({ x }) => {
  const made = collect(forEach([1, 2], () => forEach([3], (m) => make({ n: m })))).Output;
  when(eq(x, 1), () => {
    total({ values: made });
    forEach([9], (k) => pick({ values: made, n: k }));
  });
});
