import { component, eq, gt, int, lt, pipeline, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);

export default pipeline('condition-from-many-levels', { x: int(1) }, ({ x }) => {
  const first = make({ n: 1 }).outputs.Output;
  when(eq(first, x), () => {
    const second = make({ n: first }).outputs.Output;
    when(gt(second, first), () => {
      const third = make({ n: x }).outputs.Output;
      when(lt(third, second), () => {
        make({ n: first });
        make({ n: third });
      });
    });
  });
});
