import { component, pipeline } from 'ferrule';

export const make = component({ image: 'make' }, (_inputs: { a: string }): string => 'x');
export const use = component(
  { image: 'use' },
  (_inputs: { list: readonly string[]; struct: Readonly<Record<string, string>> }) => {},
);

export default pipeline('refs-in-collections', { who: 'me' }, ({ who }) => {
  const made = make({ a: 'b' });
  use({ list: ['first', `${who}`, `${made.outputs.Output}`], struct: { who: `by ${who}`, plain: 'x' } });
});
