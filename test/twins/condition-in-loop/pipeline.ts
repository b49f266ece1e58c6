import { component, eq, forEach, gt, int, ne, pipeline, when, type Int } from 'ferrule';

export const take = component({ image: 'a' }, (_inputs: { n: Int }) => {});
export const make = component({ image: 'b' }, ({ n }: { n: Int }): Int => n);

export default pipeline('condition-in-loop', { limit: int(3), sizes: [int(1)] }, ({ limit, sizes }) => {
  forEach([1, 2], (n) => {
    const made = make({ n });
    when(eq(n, 1), () => take({ n: limit }));
    when(gt(made.outputs.Output, limit), () => take({ n }));
  });
  forEach(sizes, (size) => when(ne(size, limit), () => take({ n: size })));
});
