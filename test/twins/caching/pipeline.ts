import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});
export const never = component({ image: 'b', cache: false }, () => {});

export default pipeline('caching', {}, () => {
  step({}, { cache: false });
  step({}, { cache: true });
  step({}, { cache: { salt: 'spring' } });
  never({});
});
