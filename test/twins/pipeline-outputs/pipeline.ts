import { component, pipeline, type Int, type Model } from 'ferrule';

export const train = component(
  { image: 'train' },
  async (_inputs: { epochs: Int }, _out: { model: Model }): Promise<{ best: Int; loss: number }> => ({
    best: 1,
    loss: 1,
  }),
);

export default pipeline('pipeline-outputs', {}, () => {
  const done = train({ epochs: 2 });
  return { model: done.outputs.model, best: done.outputs.best, loss: done.outputs.loss };
});
