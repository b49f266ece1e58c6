import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});
export const other = component({ image: 'b' }, () => {});

export default pipeline('many-siblings', { x: int(1) }, ({ x }) => {
  run({ n: 0 });
  forEach([1], (a) => {
    run({ n: a });
    when(eq(x, 1), () => {
      run({ n: 1 });
      other();
    });
    run({ n: 2 });
  });
  other();
  when(eq(x, 2), () => {
    run({ n: 3 });
    forEach([4], (b) => run({ n: b }));
    other();
  });
  run({ n: 5 });
  forEach([6], (c) => run({ n: c }));
});
