import { component, int, oneOf, pipeline, when, type Dataset, type Int, type Model } from 'ferrule';

interface Outputs {
  readonly model: Model;
  readonly data: Dataset;
}

export const train = component({ image: 'a' }, (_inputs: { n: Int }, _out: Outputs): number => 1);
export const other = component({ image: 'b' }, (_inputs: { n: Int }, _out: Outputs): number => 1);
export const use = component({ image: 'c' }, (_inputs: { model: Model; data: Dataset; score: number }) => {});

export default pipeline('oneof-artifacts', { big: false }, ({ big }) => {
  const branches = when(big, () => train({ n: int(1) })).otherwise(() => other({ n: 2 }));
  const { model, Output, data } = oneOf(branches);
  use({ model, data, score: Output });
  return { Output: model };
});
