import { component, eq, lte, oneOf, pipeline, required, when } from 'ferrule';

export const measure = component({ image: 'a' }, (_inputs: { text: string }): number => 0.5);
export const publish = component({ image: 'a' }, (_inputs: { loss: number }) => {});

export default pipeline('oneof-decides', { mode: required<string>(), limit: 0.25 }, ({ mode, limit }) => {
  const loss = oneOf(
    when(eq(mode, 'full'), () => measure({ text: 'full' }).outputs.Output)
      .elseWhen(eq(mode, 'half'), () => measure({ text: 'half' }).outputs.Output)
      .otherwise(() => measure({ text: 'none' }).outputs.Output),
  );
  when(lte(loss, limit), () => publish({ loss }), { name: 'good enough' });
});
