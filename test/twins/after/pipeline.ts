import { component, pipeline } from 'ferrule';

export const first = component({ image: 'a' }, () => {});
export const second = component({ image: 'b' }, () => {});
export const third = component({ image: 'c' }, () => {});

export default pipeline('after', {}, () => {
  const a = first({});
  const b = second({}, { after: [a] });
  third({}, { after: [b, a] });
});
