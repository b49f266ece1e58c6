import { component, importer, int, pipeline, required, type Dataset, type Int } from 'ferrule';

export const step = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export const inner = pipeline('inner', { n: required<Int>() }, ({ n }) => {
  step({ n });
});

export default pipeline('cache-key', { n: int(1) }, ({ n }) => {
  step({ n }, { cache: { key: 'k1' } });
  inner({ n }, { cache: { key: 'k 2' } });
  importer<Dataset>({ uri: 'gs://a/b' }, { cache: false });
});
