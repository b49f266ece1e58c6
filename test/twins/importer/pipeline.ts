import { component, importer, pipeline, required, type Dataset, type Model } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { data: Dataset; model: Model }) => {});

export default pipeline(
  'importers',
  { where: required<string>(), label: 'spring', rate: 0.5 },
  ({ where, label, rate }) => {
    const data = importer<Dataset>({
      uri: 'gs://bucket/data',
      reimport: true,
      metadata: { label, fixed: 'a', deep: { rate, list: [label, 1, true, `x ${label} ${rate}`] } },
    });
    const model = importer<Model>({ uri: where, metadata: { where } });
    use({ data: data.outputs.artifact, model: model.outputs.artifact });
  },
);
