import { component, forEach, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { a: string; b: string }) => {});
export const names = component({ image: 'a' }, (): string[] => []);

export default pipeline(
  'loops-over-one-list',
  { xs: ['a', 'b'], lists: [['a'], ['b', 'c']] },
  ({ xs, lists }) => {
    const made = names().outputs.Output;
    forEach(xs, (a) => use({ a, b: 'first' }));
    forEach(xs, (a) => use({ a, b: 'second' }), { name: 'again' });
    forEach(made, (a) => use({ a, b: 'third' }));
    forEach(made, (a) => use({ a, b: 'fourth' }));
    forEach(lists, (list) => {
      forEach(list, (item) => use({ a: item, b: 'fifth' }));
    });
  },
);
