import { component, int, loadComponent, pipeline, required, type Dataset, type Int } from 'ferrule';

const countDown = loadComponent<{ start: Int; uri?: string; secret?: string }, { last: Int; data: Dataset }>(
  './whole.yaml',
  import.meta.url,
);

export const twice = component({ image: 'a' }, (inputs: { n: Int }): Int => inputs.n);

export const inner = pipeline('inner', { n: required<Int>() }, ({ n }) => {
  const done = countDown({ start: n, secret: 'own' });
  return { Output: twice({ n: done.outputs.last }).outputs.Output };
});

export default pipeline('load-nested', { n: int(2) }, ({ n }) => {
  inner({ n: inner({ n }).outputs.Output });
});
