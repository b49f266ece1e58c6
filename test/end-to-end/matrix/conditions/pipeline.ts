import { component, eq, gt, int, oneOf, pipeline, when, type Int } from 'ferrule';

export const pick = component({}, async ({ n }: { readonly n: Int }): Promise<string> => 'abc'[n] ?? '');

export const say = component({}, async ({ text }: { readonly text: string }): Promise<string> => text);

export const shout = component(
  {},
  async ({ text }: { readonly text: string }): Promise<string> => `${text}!`,
);

export default pipeline('conditions', { n: int(1) }, ({ n }) => {
  const picked = pick({ n });
  const { Output: word } = picked.outputs;
  const branches = when(eq(word, 'a'), () => say({ text: 'the first' }))
    .elseWhen(eq(word, 'b'), () => say({ text: "it's the second" }))
    .otherwise(() => say({ text: 'the third' }));
  when(gt(n, 5), () => say({ text: 'never' }));
  return shout({ text: oneOf(branches).Output }).outputs;
});
