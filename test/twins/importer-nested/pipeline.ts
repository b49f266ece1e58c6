import { component, importer, pipeline, required, type Dataset } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { data: Dataset }) => {});

export const fetch = pipeline('fetch', { uri: required<string>(), tag: 'v1' }, ({ uri, tag }) => {
  const data = importer<Dataset>({ uri, metadata: { tag } });
  return { Output: data.outputs.artifact };
});

export default pipeline('importer-nested', { uri: 'gs://a/b' }, ({ uri }) => {
  const got = fetch({ uri, tag: 'v2' });
  use({ data: got.outputs.Output });
});
