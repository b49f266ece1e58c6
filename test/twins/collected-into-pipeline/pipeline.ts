import { collect, component, forEach, pipeline, required, type Model } from 'ferrule';

export const train = component(
  { image: 'a' },
  (_inputs: { rate: number }, _out: { model: Model }): number => 0.5,
);
export const best = component(
  { image: 'a' },
  (_inputs: { models: readonly Model[]; losses: readonly number[] }, _out: { model: Model }): number => 0.5,
);

export const choose = pipeline(
  'choose',
  { models: required<readonly Model[]>(), losses: required<readonly number[]>() },
  ({ models, losses }) => ({ Output: best({ models, losses }).outputs.Output }),
);

export default pipeline('collected-into-pipeline', { rates: [0.5, 0.25] }, ({ rates }) => {
  const { model, Output } = collect(forEach(rates, (rate) => train({ rate })));
  return { Output: choose({ models: model, losses: Output }).outputs.Output };
});
