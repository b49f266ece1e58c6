import { component, eq, oneOf, pipeline, when } from 'ferrule';

export const check = component({ image: 'a' }, (_inputs: { text: string }): boolean => true);
export const use = component({ image: 'a' }, () => {});

export default pipeline('oneof-only-in-a-condition', { mode: 'a' }, ({ mode }) => {
  const checked = when(eq(mode, 'a'), () => check({ text: 'a' })).otherwise(() => check({ text: 'b' }));
  when(oneOf(checked).Output, () => use());
});
