import { component, pipeline, type Dataset, type Int } from 'ferrule';

export const prep = component({ image: 'prep' }, (inputs: { seed: Int }, out: { data: Dataset }) => {});
export const train = component({ image: 'train' }, ({ rate = Math.PI }: { rate?: number }) => {});
export const use = component({ image: 'use' }, (inputs: { data: Dataset }) => {});
const lost = component({ image: 'lost' }, () => {});

export default pipeline('Several', { who: 'me' }, ({ who }) => {
  const data = prep({ sede: 3 });
  if (who) train({});
  use({ data: data.outputs.daat });
  use({ data: who });
});
