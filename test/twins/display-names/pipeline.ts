import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('display-names', {}, () => {
  step({}, { displayName: 'The first step: éclair' });
  step({});
});
