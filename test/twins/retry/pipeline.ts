import { component, pipeline } from 'ferrule';

export const flaky = component({ image: 'a' }, () => {});

export default pipeline('retry', {}, () => {
  flaky({}, { retry: { maxAttempts: 4, backoff: '30s', factor: 1.5, maxBackoff: '2h' } });
  flaky({}, { retry: { maxAttempts: 3 } });
});
