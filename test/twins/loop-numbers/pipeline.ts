import { component, forEach, pipeline, type Int } from 'ferrule';

export const square = component({ image: 'a' }, ({ n }: { n: Int }): Int => n * n);
export const scale = component({ image: 'b' }, (_inputs: { x: number }) => {});

export default pipeline('loop-numbers', {}, () => {
  forEach([1, 2, 3], (n) => square({ n }));
  forEach([0.5, 1.25], (x) => scale({ x }));
});
