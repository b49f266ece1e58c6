import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a', env: { MODE: 'fast', LEVEL: '1' } }, () => {});

export default pipeline('environment', {}, () => {
  step({});
  step({}, { env: { LEVEL: '2', EXTRA: 'yes' } });
});
