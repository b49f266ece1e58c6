import { component, pipeline } from 'ferrule';

export const step = component({ image: '', memory: '8 GB', retry: 3, cache: { maxAge: 'soon' } }, () => {});
export const other = component({ image: 'b', env: { A: 1 } }, () => {});

export default pipeline('malformed-options', { who: 'me' }, ({ who }) => {
  step({}, { retry: { maxAttempts: 0 }, timeout: '5 minutes', cpu: 'two', accelerator: { count: 1 } });
  other({}, { env: { WHO: who }, after: ['step'], cache: 'no' });
  other({}, 3);
  other({}, { retry: { maxAttempts: '3' }, cache: { salt: 5 } });
  other({}, { retry: 3, cache: [] });
});
