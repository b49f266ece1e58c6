import { component, pipeline } from 'ferrule';

export const fine = component({ image: 'a' }, async () => {
  [1].map((n) => {
    return n;
  });
});
export const bad = component({ image: 'b' }, async () => {
  return { accuracy: 0.5 };
});
export const short = component({ image: 'c' }, () => 3);

export default pipeline('return-without-type', {}, () => {
  fine({});
  bad({});
});
