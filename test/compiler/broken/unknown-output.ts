import { component, pipeline, type Dataset } from 'ferrule';

export const prep = component({ image: 'prep' }, (inputs: {}, out: { train: Dataset; validation: Dataset }) => {});
export const use = component({ image: 'use' }, (inputs: { data: Dataset }) => {});

export default pipeline('unknown-output', {}, () => {
  const data = prep({});
  use({ data: data.outputs.trian });
  use({ data: data.outputs.pictures });
  return { report: use({ data: data.outputs.train }).outputs.report };
});
