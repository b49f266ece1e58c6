import { component, pipeline, type Dataset, type Metrics, type Model } from 'ferrule';

export const dataPrep = component(
  { image: 'prep' },
  async (_inputs: { bucket: string }, _out: { train: Dataset; test: Dataset }) => {},
);
export const train = component(
  { image: 'train' },
  async (_inputs: { data: Dataset }, _out: { model: Model; metrics: Metrics }) => {},
);
export const evaluate = component(
  { image: 'eval' },
  async (_inputs: { model: Model; data: Dataset }, _out: { metrics: Metrics }): Promise<number> => 1,
);

/** Prepares, trains and tests. */
export default pipeline('artifact-chain', { bucket: 'weather_imgs' }, ({ bucket }) => {
  const data = dataPrep({ bucket });
  const trained = train({ data: data.outputs.train });
  evaluate({ model: trained.outputs.model, data: data.outputs.test });
});
