import { container, eq, forEach, int, pipeline, when, type Dataset, type Int } from 'ferrule';

export const make = container<{ n: Int }, { rows: Dataset; last: string }>(({ n }, { rows, last }) => ({
  image: 'busybox',
  command: ['sh', '-c', `seq ${n} > ${rows.path}; tail -1 ${rows.path} > ${last.path}`],
}));
export const say = container<{ text: string }>(({ text }) => ({ image: 'busybox', args: ['echo', text] }));

export default pipeline('container-loop', { limit: int(3) }, () => {
  forEach(
    [int(1), int(2), int(3)],
    (n) => {
      const made = make({ n });
      when(eq(made.outputs.last, '3'), () => {
        say({ text: `last is ${made.outputs.last}` });
      }).otherwise(() => {
        say({ text: 'none' });
      });
    },
    { parallelism: 2 },
  );
});
