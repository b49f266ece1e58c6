import { component, eq, forEach, int, pipeline, required, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const finish = component({ image: 'b' }, (_inputs: { n: Int }) => {});

export const inner = pipeline('inner', { n: required<Int>(), text: 'x' }, ({ n }) => ({
  Output: make({ n }).outputs.Output,
}));

export default pipeline('nested-in-groups', { x: int(1) }, ({ x }) => {
  forEach([1, 2], (n) => {
    const done = inner({ n }).outputs.Output;
    when(eq(done, x), () => inner({ n: x, text: `${x}` }));
  });
  when(eq(x, 1), () => finish({ n: x }));
});
