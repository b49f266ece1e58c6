import { component, pipeline, type Dataset, type Model } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: {}, _out: { data: Dataset }) => {});
export const train = component({ image: 'b' }, (_inputs: { data: Dataset; base?: Model }) => {});

export default pipeline('optional-artifact', {}, () => {
  train({ data: make({}).outputs.data });
});
