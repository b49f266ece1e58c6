import { component, eq, forEach, pipeline, required, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { a: string; b: string }) => {});

export default pipeline(
  'name-within-a-name',
  { xs: required<string[]>(), x: 'a', flag: true },
  ({ xs, x, flag }) => {
    forEach(xs, (item) => {
      when(eq(flag, true), () => use({ a: item, b: x }));
    });
  },
);
