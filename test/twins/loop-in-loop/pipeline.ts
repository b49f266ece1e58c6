import { component, forEach, int, pipeline, type Int } from 'ferrule';

export const pair = component({ image: 'a' }, (_inputs: { a: Int; b: string; c: Int }) => {});

export default pipeline('loop-in-loop', { c: int(1) }, ({ c }) => {
  forEach([1, 2], (a) =>
    forEach(['x', 'y'], (b) => {
      pair({ a, b, c });
      forEach([5], (last) => pair({ a: last, b, c: a }));
    }),
  );
});
