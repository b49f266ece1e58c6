import { component, eq, lt, oneOf, pipeline, when, type Int, type Metrics, type Model } from 'ferrule';

export const train = component(
  { image: 'a' },
  (_inputs: { deep: boolean }, _out: { model: Model; metrics: Metrics }): { loss: number; steps: Int } => ({
    loss: 0.5,
    steps: 1,
  }),
);
export const use = component(
  { image: 'a' },
  (_inputs: { model: Model; metrics: Metrics; loss: number; steps: Int }) => {},
);

export default pipeline('oneof-of-several-outputs', { deep: false }, ({ deep }) => {
  const { model, metrics, loss, steps } = oneOf(
    when(eq(deep, true), () => train({ deep: true })).otherwise(() => train({ deep: false })),
  );
  when(lt(loss, 0.5), () => use({ model, metrics, loss, steps }));
  return { model, loss };
});
