import { component, forEach, int, pipeline, type Int } from 'ferrule';

export const step = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);

export const inner = pipeline('inner', { n: int(1) }, ({ n }) => ({ Output: step({ n }).outputs.Output }));

export default pipeline('nested-task-options', { n: int(3) }, ({ n }) => {
  const retry = { maxAttempts: 3, backoff: '10s', factor: 3, maxBackoff: '60s' } as const;
  const first = inner({ n }, { retry });
  forEach([1, 2], (item) =>
    inner({ n: item }, { retry: { maxAttempts: 2 }, displayName: 'again', after: [first] }),
  );
  inner({ n }, { cache: { key: 'key' }, ignoreUpstreamFailure: true, after: [first] });
});
