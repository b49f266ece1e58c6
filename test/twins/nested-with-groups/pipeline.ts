import { collect, component, eq, forEach, gt, int, pipeline, required, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const total = component({ image: 'b' }, (_inputs: { values: readonly Int[] }): Int => 1);
export const say = component({ image: 'c' }, (_inputs: { text: string }) => {});
export const finish = component({ image: 'd' }, (_inputs: { n: Int }) => {});

export const inner = pipeline(
  'inner',
  { sizes: required<readonly Int[]>(), limit: int(3) },
  ({ sizes, limit }) => {
    const loop = forEach(sizes, (size) => make({ n: size }));
    const summed = total({ values: collect(loop).Output }).outputs.Output;
    when(gt(summed, limit), () => say({ text: `over ${limit}` }));
    return { Output: summed };
  },
);

export default pipeline('nested-with-groups', { limit: int(5) }, ({ limit }) => {
  const done = inner({ sizes: [1, 2], limit }).outputs.Output;
  when(eq(done, 3), () => finish({ n: done }));
});
