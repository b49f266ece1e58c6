import { component, pipeline, type Dataset } from 'ferrule';

export const prep = component({ image: 'prep' }, (inputs: {}, out: { data: Dataset }) => {});
export const train = component({ image: 'train' }, (inputs: { data: Dataset; rate: number; note?: string }) => {});

export default pipeline('missing-input', {}, () => {
  const data = prep({});
  train({ data: data.outputs.data });
  train();
});
