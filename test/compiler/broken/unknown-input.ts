import { component, pipeline } from 'ferrule';

export const train = component({ image: 'train' }, (inputs: { epochs?: number; data: string }) => {});

export default pipeline('unknown-input', {}, () => {
  train({ data: 'x', epoch: 3 });
  train({ data: 'x', somethingElse: 3 });
});
