import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export const one = pipeline('one', {}, () => {
  step({});
});
export const two = pipeline('two', {}, () => {
  step({});
});
