import { component, pipeline, type Dataset, type Int, type Model } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: {}, _out: { data: Dataset; base: Model }) => {});

interface Inputs {
  readonly data: Dataset;
  readonly base?: Model;
  readonly name?: string;
  readonly count?: Int;
  readonly rate?: number;
  readonly flag?: boolean;
  readonly names?: readonly string[];
  readonly sizes?: Record<string, Int>;
}
export const train = component({ image: 'b' }, (_inputs: Inputs) => {});

export default pipeline('optional-inputs', { rate: 0.5 }, ({ rate }) => {
  const made = make({});
  train({ data: made.outputs.data });
  train({ ...made.outputs, count: 3, rate, names: ['a'] });
});
