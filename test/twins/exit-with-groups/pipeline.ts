import { component, eq, forEach, int, onExit, pipeline, when, type Int } from 'ferrule';

export const clean = component({ image: 'a' }, () => {});
export const run = component({ image: 'b' }, ({ n }: { n: Int }): Int => n);

export default pipeline('exit-with-groups', { sizes: [int(1)], x: int(1) }, ({ sizes, x }) => {
  const before = run({ n: x }).outputs.Output;
  const cleaned = clean();
  onExit(cleaned, () => {
    forEach(sizes, (size) => when(eq(size, before), () => run({ n: before })));
    when(eq(x, 1), () => run({ n: x })).otherwise(() => run({ n: 2 }));
  });
});
