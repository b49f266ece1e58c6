import { component, int, loadComponent, pipeline, type Dataset, type Int } from 'ferrule';

interface Inputs {
  readonly start: Int;
  readonly uri?: string;
  readonly secret?: string;
}
interface Outputs {
  readonly last: Int;
  readonly data: Dataset;
}

const countDown = loadComponent<Inputs, Outputs>('./whole.yaml', import.meta.url);
export const show = component({ image: 'a' }, (_inputs: { n: Int; data: Dataset }) => {});

export default pipeline('load-pipeline', { start: int(5) }, ({ start }) => {
  const done = countDown({ start, uri: 'gs://x/y' });
  show({ n: done.outputs.last, data: done.outputs.data });
  countDown({ start: 1 }, { after: [done], displayName: 'Once more' });
});
