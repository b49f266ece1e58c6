import { component, forEach, int, pipeline, type Int } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline('loop-names-and-limits', { sizes: [int(1)] }, ({ sizes }) => {
  forEach(
    [1, 2, 3],
    (n) => {
      run({ n }, { displayName: 'Run one' });
      forEach(sizes, (m) => run({ n: m }), { parallelism: 1 });
    },
    { name: 'Über alle', parallelism: 2 },
  );
});
