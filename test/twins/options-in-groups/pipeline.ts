import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline('options-in-groups', { x: int(1) }, ({ x }) => {
  forEach([1], (n) => {
    run(
      { n },
      {
        cache: false,
        retry: { maxAttempts: 4, backoff: '30s', factor: 1.5, maxBackoff: '1h' },
        env: { A: 'b' },
        cpu: '500m',
        memory: '1G',
      },
    );
    when(eq(x, 1), () => run({ n: x }, { displayName: 'Inside' }));
  });
});
