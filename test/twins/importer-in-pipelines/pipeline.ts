import { component, eq, importer, pipeline, required, when, type Dataset, type Model } from 'ferrule';

export const where = component({ image: 'a' }, (): string => 's3://b/x');
export const use = component({ image: 'a' }, (_inputs: { data: Dataset; model: Model }) => {});

export const load = pipeline(
  'load',
  { uri: required<string>(), version: required<string>() },
  ({ uri, version }) => ({
    Output: importer<Dataset>({ uri, metadata: { version, list: [1, 'a'] } }).outputs.artifact,
  }),
);

export default pipeline('importer-in-pipelines', { version: '1', remote: true }, ({ version, remote }) => {
  const place = where().outputs.Output;
  when(eq(remote, true), () => {
    const data = load({ uri: place, version });
    const model = importer<Model>(
      { uri: 's3://b/model', metadata: { [`from ${version}`]: { where: place } } },
      { displayName: 'The model' },
    );
    use({ data: data.outputs.Output, model: model.outputs.artifact });
  }).otherwise(() => {
    const data = load({ uri: 's3://b/other', version: '0' });
    const model = importer<Model>({ uri: place, reimport: true }, { cache: false });
    use({ data: data.outputs.Output, model: model.outputs.artifact }, { after: [data] });
  });
});
