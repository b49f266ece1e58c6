import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

const hidden = pipeline('hidden', {}, () => {
  step({});
});
