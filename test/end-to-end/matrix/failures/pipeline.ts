import { component, pipeline } from 'ferrule';
import { setTimeout } from 'node:timers/promises';

export const fail = component({}, async () => {
  throw new RangeError('the sea is rough');
});

export const wait = component({}, async () => {
  await setTimeout(60_000);
});

export default pipeline('failures', {}, () => {
  fail({}, { retry: { maxAttempts: 2, backoff: '1s' } });
  wait({}, { timeout: '3s' });
});
