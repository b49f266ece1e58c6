import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a', reads: ['place', 'count'] }, (inputs: { count?: number }): string => 'x');

export default pipeline('malformed-names', { 'a-b': 1 }, () => {
  return { 'c d': step({}).outputs.Output };
});
