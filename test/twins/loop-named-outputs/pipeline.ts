import { component, forEach, pipeline, type Int } from 'ferrule';

export const split = component({ image: 'a' }, ({ n }: { n: Int }): { low: Int[]; high: Int[] } => ({
  low: [n],
  high: [n],
}));
export const show = component({ image: 'b' }, (_inputs: { low: Int }) => {});
export const both = component({ image: 'c' }, (_inputs: { low: Int; high: Int }) => {});

export default pipeline('loop-named-outputs', {}, () => {
  const parts = split({ n: 3 });
  forEach(parts.outputs.low, (low) => {
    show({ low });
    forEach(parts.outputs.high, (high) => both({ low, high }));
  });
});
