import { component, forEach, importer, pipeline, type Dataset } from 'ferrule';

export const places = component({ image: 'a' }, (_inputs: { owner: string }): string[] => []);
export const use = component({ image: 'a' }, (_inputs: { data: Dataset; text: string }) => {});

export default pipeline('importer-in-loop', { owner: 'me' }, ({ owner }) => {
  const found = places({ owner });
  forEach(found.outputs.Output, (uri) => {
    const data = importer<Dataset>({ uri, reimport: true, metadata: { uri, owner } });
    use({ data: data.outputs.artifact, text: uri });
  });
  forEach([1, 2], (n) => {
    const again = importer<Dataset>({ uri: 's3://b/c' });
    use({ data: again.outputs.artifact, text: `${n} of ${owner}` });
  });
});
