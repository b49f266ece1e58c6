import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('timeouts', {}, () => {
  step({}, { timeout: '5m' });
  step({});
  step({}, { timeout: '20s' });
});
