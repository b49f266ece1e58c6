import { component, eq, forEach, oneOf, pipeline, when, type Int } from 'ferrule';

export const names = component({ image: 'a' }, (_inputs: { count: Int }): string[] => []);
export const say = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const keep = component(
  { image: 'a' },
  ({ list }: { list: readonly string[] }): readonly string[] => list,
);

export default pipeline('oneof-looped', { fast: true }, ({ fast }) => {
  const chosen = oneOf(
    when(eq(fast, true), () => names({ count: 2 })).otherwise(() => names({ count: 100 })),
  );
  const kept = keep({ list: chosen.Output });
  forEach(kept.outputs.Output, (name) => say({ text: name }));
});
