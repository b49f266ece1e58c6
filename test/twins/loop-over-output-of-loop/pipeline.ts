import { component, eq, forEach, pipeline, when, type Int } from 'ferrule';

export const split = component({ image: 'a' }, ({ n }: { n: Int }): Int[] => [n]);
export const run = component({ image: 'b' }, (_inputs: { n: Int; all: readonly Int[] }) => {});

export default pipeline('loop-over-output-of-loop', {}, () => {
  forEach([1, 2], (n) => {
    const parts = split({ n }).outputs.Output;
    forEach(parts, (part) => {
      run({ n: part, all: parts });
      when(eq(part, n), () => run({ n: part, all: [4] }));
    });
  });
});
