import { component, eq, oneOf, pipeline, when } from 'ferrule';

export const flip = component({ image: 'a' }, (): string => 'heads');
export const say = component({ image: 'b' }, ({ text }: { text: string }): string => text);

export default pipeline('oneof-parameter', {}, () => {
  const flipped = flip().outputs.Output;
  const chosen = oneOf(
    when(eq(flipped, 'heads'), () => say({ text: 'a' }))
      .elseWhen(eq(flipped, 'tails'), () => say({ text: 'b' }))
      .otherwise(() => say({ text: 'c' })),
  ).Output;
  say({ text: chosen });
  return { Output: chosen };
});
