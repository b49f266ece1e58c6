import { component, eq, forEach, oneOf, pipeline, when, type Int } from 'ferrule';

export const names = component({ image: 'a' }, (_inputs: { n: Int }): string[] => []);
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('loop-over-oneof', { few: true }, ({ few }) => {
  const found = when(eq(few, true), () => names({ n: 1 })).otherwise(() => names({ n: 3 }));
  forEach(oneOf(found).Output, (text) => use({ text }));
});
