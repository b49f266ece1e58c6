import { component, eq, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('elif-without-else', { text: 'a' }, ({ text }) => {
  when(eq(text, 'a'), () => use({ text: 'first' })).elseWhen(eq(text, 'b'), () => use({ text: 'second' }));
  use({ text: 'after' });
});
