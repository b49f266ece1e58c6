import { component, pipeline, required } from 'ferrule';

export const step = component({ image: 'a' }, (): string => 'x');

export default pipeline('malformed-parameters', { when: new Date(0), nothing: null, far: required<Map<string, string>>() }, () => {
  step({});
  return { fixed: 'text' };
});
