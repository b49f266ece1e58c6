import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('My Pipeline', {}, () => {
  step({}, { name: '!!!' });
});
