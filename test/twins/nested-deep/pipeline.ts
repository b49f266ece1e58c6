import { component, pipeline, required, type Dataset, type Model } from 'ferrule';

export const load = component({ image: 'a' }, (_inputs: { path: string }, _out: { data: Dataset }) => {});
export const train = component(
  { image: 'b' },
  (_inputs: { data: Dataset; rate: number }, _out: { model: Model }): number => 0.5,
);
export const compare = component(
  { image: 'c' },
  (_inputs: { first: Model; second: Model; loss: number }) => {},
);

export const fit = pipeline('fit', { data: required<Dataset>(), rate: 0.5 }, ({ data, rate }) => {
  const { outputs } = train({ data, rate });
  return { loss: outputs.Output, model: outputs.model };
});

export const prepareAndFit = pipeline(
  'prepare-and-fit',
  { path: required<string>(), rate: 0.25 },
  ({ path, rate }) => {
    const loaded = load({ path: `${path}/images` });
    return { Output: fit({ data: loaded.outputs.data, rate }).outputs.model };
  },
);

export default pipeline('nested-deep', { path: required<string>(), other: 'b' }, ({ path, other }) => {
  const first = prepareAndFit({ path });
  const second = prepareAndFit({ path: other, rate: 0.125 });
  const loaded = load({ path });
  const third = fit({ data: loaded.outputs.data });
  compare({ first: first.outputs.Output, second: second.outputs.Output, loss: third.outputs.loss });
  return { Output: third.outputs.model };
});
