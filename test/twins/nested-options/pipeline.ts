import { component, int, pipeline, required, type Int } from 'ferrule';

export const step = component({ image: 'a' }, (inputs: { n: Int }): Int => inputs.n);

export const inner = pipeline('inner', { n: required<Int>() }, ({ n }) => {
  const made = step(
    { n },
    { retry: { maxAttempts: 2 }, env: { MODE: 'fast' }, cpu: 2, displayName: 'Made inside' },
  );
  return { Output: step({ n: made.outputs.Output }, { cache: false }).outputs.Output };
});

export default pipeline('nested-options', { n: int(3) }, ({ n }) => {
  const done = inner({ n }, { displayName: 'The inner one' });
  inner({ n: done.outputs.Output }, { cache: false });
});
