import { component, forEach, pipeline, type Int } from 'ferrule';

export const run = component({}, ({ n }: { n: Int }): Int => n);

const loop = forEach([1, 2], (n) => run({ n }));

export default pipeline('flow-outside', {}, () => {
  void loop;
  run({ n: 1 });
});
