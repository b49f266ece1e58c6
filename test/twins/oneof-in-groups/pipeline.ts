import { component, eq, forEach, int, oneOf, pipeline, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);

export default pipeline('oneof-in-groups', { x: int(1) }, ({ x }) => {
  forEach([1, 2], (n) => {
    const chosen = oneOf(
      when(eq(n, 1), () => make({ n }).outputs.Output).otherwise(() => make({ n: x }).outputs.Output),
    );
    when(eq(x, 1), () => make({ n: chosen }));
    when(eq(chosen, 3), () => forEach([7], () => make({ n: chosen })));
  });
});
