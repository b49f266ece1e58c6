import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

/** Ends in time. */
export default pipeline(
  { name: 'pipeline-deadline', ttl: { onCompletion: '0s', onFailure: '90s' }, deadline: '1d' },
  {},
  () => {
    step();
  },
);
