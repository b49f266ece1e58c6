import { component, eq, gt, oneOf, pipeline, required, when, type Model } from 'ferrule';

export const train = component({ image: 'a' }, (_inputs: { deep: boolean }, _out: { model: Model }) => {});
export const check = component({ image: 'a' }, (_inputs: { model: Model }): number => 0.5);
export const publish = component({ image: 'a' }, (_inputs: { model: Model; score: number }) => {});

export const judge = pipeline('judge', { model: required<Model>() }, ({ model }) => ({
  Output: check({ model }).outputs.Output,
}));

export default pipeline('oneof-artifact-into-pipeline', { deep: false }, ({ deep }) => {
  const { model } = oneOf(
    when(eq(deep, true), () => train({ deep: true })).otherwise(() => train({ deep: false })),
  );
  const score = judge({ model }).outputs.Output;
  when(gt(score, 0.5), () => publish({ model, score }));
  return { Output: model };
});
