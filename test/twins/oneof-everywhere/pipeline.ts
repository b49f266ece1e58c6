import { component, eq, forEach, ne, oneOf, onExit, pipeline, required, when, type Model } from 'ferrule';

export const train = component(
  { image: 'a' },
  ({ text }: { text: string }, _out: { model: Model }): string => text,
);
export const use = component({ image: 'a' }, ({ text }: { model: Model; text: string }): string => text);
export const total = component({ image: 'a' }, (_inputs: { texts: readonly string[] }) => {});

export default pipeline('oneof-everywhere', { texts: required<string[]>(), mode: 'a' }, ({ texts, mode }) => {
  onExit(total({ texts: ['last'] }), () => {
    const chosen = oneOf(
      when(eq(mode, 'a'), () => train({ text: 'exit' }))
        .elseWhen(eq(mode, 'b'), () => train({ text: 'exit b' }))
        .otherwise(() => train({ text: 'exit c' })),
    );
    use({ model: chosen.model, text: chosen.Output });
    forEach(texts, (text) => {
      when(eq(text, mode), () => {
        const inner = oneOf(when(ne(mode, 'x'), () => train({ text: 'x' })).otherwise(() => train({ text })));
        use({ model: inner.model, text });
      }).otherwise(() => {
        train({ text: mode });
      });
    });
  });
});
