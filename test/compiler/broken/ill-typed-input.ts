import { component, int, pipeline, type Dataset, type Int, type Metrics, type Model } from 'ferrule';

interface Inputs {
  data?: Dataset;
  parts?: readonly Dataset[];
  epochs?: Int;
  rate?: number;
  mode?: 'head' | 'full';
  flag?: boolean;
  sizes?: readonly Int[];
  options?: { depth: Int; name?: string };
}
export const prep = component(
  { image: 'prep' },
  (inputs: {}, out: { data: Dataset; metrics: Metrics; model: Model }): { loss: number; names: string[] } => ({ loss: 1, names: [] }),
);
export const train = component({ image: 'train' }, (inputs: Inputs) => {});

export default pipeline('ill-typed-input', { rate: 0.5, epochs: int(3), who: 'me' }, ({ rate, epochs, who }) => {
  const made = prep({});
  train({ data: made.outputs.metrics });
  train({ data: made });
  train({ data: 'gs://bucket/x' });
  train({ data: who });
  train({ parts: made.outputs.data });
  train({ epochs: rate });
  train({ epochs: made.outputs.loss });
  train({ epochs: 0.5 });
  train({ epochs: 2 ** 60 });
  train({ epochs: '3' });
  train({ rate: epochs });
  train({ rate: NaN });
  train({ mode: 'half' });
  train({ mode: who });
  train({ flag: 'true' });
  train({ sizes: [1, 2.5] });
  train({ sizes: made.outputs.names });
  train({ options: { depth: 1, nmae: 'x' } });
  train({ options: { name: 'x' } });
  train({ rate: made.outputs.model });
  train({ mode: () => 'head' });
});
