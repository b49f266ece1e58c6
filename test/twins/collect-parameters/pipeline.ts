import { collect, component, forEach, int, pipeline, type Int } from 'ferrule';

export const square = component({ image: 'a' }, ({ n }: { n: Int }): Int => n * n);
export const total = component({ image: 'b' }, (_inputs: { values: readonly Int[] }): Int => 1);

export default pipeline('collect-parameters', { sizes: [int(1), int(2)] }, ({ sizes }) => {
  const loop = forEach(sizes, (n) => {
    const squared = square({ n }).outputs.Output;
    return { squared, again: square({ n: squared }).outputs.Output };
  });
  const { squared, again } = collect(loop);
  total({ values: again });
  return { Output: total({ values: squared }).outputs.Output };
});
