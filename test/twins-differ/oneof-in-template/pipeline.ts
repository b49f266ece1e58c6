import { component, eq, oneOf, pipeline, when } from 'ferrule';

export const say = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export default pipeline('oneof-in-template', { a: true }, ({ a }) => {
  const one = oneOf(when(eq(a, true), () => say({ text: 'a' })).otherwise(() => say({ text: 'b' })));
  say({ text: `it was ${one.Output}` });
});
