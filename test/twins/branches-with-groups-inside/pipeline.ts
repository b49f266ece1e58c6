import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline('branches-with-groups-inside', { x: int(1) }, ({ x }) => {
  when(eq(x, 1), () => {
    forEach([1, 2], (n) => run({ n }));
    when(eq(x, 2), () => run({ n: 2 })).otherwise(() => run({ n: 3 }));
  })
    .elseWhen(eq(x, 3), () => {
      forEach([3], (n) => when(eq(n, 3), () => run({ n: x })));
    })
    .otherwise(() => {
      when(eq(x, 4), () => run({ n: 4 })).elseWhen(eq(x, 5), () => run({ n: 5 }));
    });
});
