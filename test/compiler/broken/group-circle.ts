import { collect, component, forEach, pipeline, type Int, type Task } from 'ferrule';

export const run = component({}, ({ n }: { n: Int }): Int => n);
export const total = component({}, (_inputs: { values: readonly Int[] }): Int => 1);

export default pipeline('group-circle', {}, () => {
  const later: Task<unknown>[] = [];
  const loop = forEach([1, 2], (n) => {
    run({ n: 5 }, { after: later });
    return run({ n });
  });
  later.push(total({ values: collect(loop).Output }));
  run({ n: 1 }, { name: 'for-loop-2' });
});
