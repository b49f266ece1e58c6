import { component, eq, forEach, int, pipeline, when, type Int, type Task } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline('after-across-groups', { x: int(1) }, ({ x }) => {
  const first = run({ n: 1 });
  const seen: Task<unknown>[] = [];
  forEach([1, 2], (n) => {
    const inner = run({ n });
    run({ n: x }, { after: [inner] });
    seen.push(inner);
  });
  run({ n: 3 }, { after: seen });
  when(eq(x, 1), () => {
    run({ n: 4 }, { after: [first] });
    forEach([5], (m) => run({ n: m }, { after: [first, ...seen] }));
  });
  const branch: Task<unknown>[] = [];
  when(eq(x, 2), () => {
    branch.push(run({ n: 6 }));
  }).otherwise(() => {
    run({ n: 7 });
  });
  run({ n: 8 }, { after: branch });
});
