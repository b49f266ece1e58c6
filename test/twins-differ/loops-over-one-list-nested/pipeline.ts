import { component, forEach, pipeline, required } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { a: string; b: string }) => {});

export default pipeline('loops-over-one-list-nested', { xs: required<string[]>() }, ({ xs }) => {
  forEach(xs, (a) => {
    forEach(xs, (b) => use({ a, b }));
  });
});
