import { component, eq, forEach, importer, pipeline, when, type Dataset } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { data: Dataset }) => {});

export default pipeline('importer-loop', { uris: ['gs://a/1', 'gs://a/2'], tag: 't' }, ({ uris, tag }) => {
  forEach(uris, (uri) => {
    const data = importer<Dataset>({ uri, metadata: { tag } });
    use({ data: data.outputs.artifact });
    when(eq(uri, 'gs://a/1'), () => {
      const again = importer<Dataset>({ uri: 'gs://b', metadata: { tag: `${tag}!` } });
      use({ data: again.outputs.artifact });
    });
  });
});
