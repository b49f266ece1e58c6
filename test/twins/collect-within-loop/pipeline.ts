import { collect, component, forEach, lt, pipeline, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const total = component({ image: 'b' }, (_inputs: { values: readonly Int[] }): Int => 1);

export default pipeline('collect-within-loop', {}, () => {
  const sums = forEach([1, 2], (a) => {
    const made = forEach([3, 4], (b) => make({ n: b }));
    const summed = total({ values: collect(made).Output });
    when(lt(a, summed.outputs.Output), () => make({ n: summed.outputs.Output }));
    return summed;
  });
  total({ values: collect(sums).Output });
});
