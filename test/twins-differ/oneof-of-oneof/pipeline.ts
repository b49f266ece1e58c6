import { component, eq, oneOf, pipeline, when } from 'ferrule';

export const say = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export default pipeline('oneof-of-oneof', { a: true, b: true }, ({ a, b }) => {
  const said = when(
    eq(a, true),
    () =>
      oneOf(when(eq(b, true), () => say({ text: 'both' })).otherwise(() => say({ text: 'first' }))).Output,
  ).otherwise(() => say({ text: 'none' }).outputs.Output);
  return { Output: oneOf(said) };
});
