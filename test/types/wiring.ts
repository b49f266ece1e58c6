/** Joins that TypeScript must refuse, each where it is written. The type check fails where one of them passes. */
import {
  component,
  int,
  pipeline,
  optional,
  required,
  type Artifact,
  type Dataset,
  type Html,
  type Int,
  type Metrics,
  type Model,
} from 'ferrule';

interface Inputs {
  /** Photographs. */
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly epochs?: Int;
  readonly mode?: 'head' | 'full';
}
interface Outputs {
  readonly model: Model;
  readonly metrics: Metrics;
  readonly page: Html;
}

export const prep = component(
  {},
  async (_inputs: { bucket: string; seed: Int }, _out: { train: Dataset; validation: Dataset }) => {},
);
export const train = component(
  { image: 'train' },
  async ({ train, epochs = 10 }: Inputs, out: Outputs): Promise<{ bestEpoch: Int; loss: number }> => {
    out.metrics.log('a', 1);
    void train.path;
    return { bestEpoch: epochs, loss: 1 };
  },
);
export const size = component({}, (_inputs: { model: Artifact }): Int => 3);
export const merge = component({}, (_inputs: { parts: readonly Dataset[]; names: readonly string[] }) => {});

// What may be joined.
export const good = pipeline(
  'good',
  {
    data_bucket: 'weather_imgs',
    epochs: int(10),
    rate: 0.1,
    owner: required<string>(),
    parts: required<readonly Dataset[]>(),
  },
  ({ data_bucket, epochs, owner, parts }) => {
    const data = prep({ bucket: `gs://${data_bucket}/${owner}`, seed: 42 });
    const trained = train(
      { ...data.outputs, epochs },
      { retry: { maxAttempts: 3, backoff: '30s' }, after: [data] },
    );
    prep({ bucket: data_bucket, seed: trained.outputs.bestEpoch }, { cache: { salt: 'spring' } });
    size({ model: trained.outputs.model });
    size({ model: trained.outputs.page });
    merge({ parts, names: ['a'] });
    return { loss: trained.outputs.loss, model: trained.outputs.model };
  },
);

export const nothing = component({}, (): string => 'x');
export const quiet = pipeline('quiet', { n: int(1) }, () => {
  nothing();
  nothing({}, { name: 'again' });
});
export const around = pipeline('around', {}, () => {
  quiet();
});

// What may not.
export const bad = pipeline(
  'bad',
  { data_bucket: 'weather_imgs', epochs: int(10), rate: 0.1, flag: true },
  ({ data_bucket, epochs, rate, flag }) => {
    const data = prep({ bucket: data_bucket, seed: 1 });
    const trained = train({ ...data.outputs, epochs });
    // @ts-expect-error an artifact of another type
    train({ train: trained.outputs.metrics, validation: data.outputs.validation });
    // @ts-expect-error an output that does not exist
    train({ train: data.outputs.trian, validation: data.outputs.validation });
    // @ts-expect-error an input is missing
    train({ train: data.outputs.train });
    // @ts-expect-error an input that does not exist
    train({ ...data.outputs, epoch: 3 });
    // @ts-expect-error a parameter that is a number where a whole number is wanted
    train({ ...data.outputs, epochs: rate });
    // @ts-expect-error an output that is a number where a whole number is wanted
    train({ ...data.outputs, epochs: trained.outputs.loss });
    // @ts-expect-error a text that may be anything where one of two is wanted
    train({ ...data.outputs, mode: data_bucket });
    // @ts-expect-error a constant that is none of the two
    train({ ...data.outputs, mode: 'half' });
    // @ts-expect-error a task in place of one of its outputs
    train({ train: data, validation: data.outputs.validation });
    // @ts-expect-error a path in place of an artifact
    train({ train: 'gs://bucket/x', validation: data.outputs.validation });
    // @ts-expect-error a truth value in place of a text
    prep({ bucket: flag, seed: 1 });
    // @ts-expect-error a text in place of a number
    prep({ bucket: 'b', seed: '1' });
    // @ts-expect-error one artifact in place of a list
    merge({ parts: data.outputs.train, names: [] });
    // @ts-expect-error a parameter in place of an artifact
    size({ model: data_bucket });
    // @ts-expect-error arithmetic with a Ref
    void (epochs + 1);
    // @ts-expect-error a comparison of a Ref
    void (data_bucket === 'x');
    // @ts-expect-error a method of the value
    void data_bucket.length;
    // @ts-expect-error a duration without a unit
    prep({ bucket: 'b', seed: 1 }, { timeout: '5' });
    // @ts-expect-error an option that does not exist
    prep({ bucket: 'b', seed: 1 }, { retries: 3 });
    // @ts-expect-error after takes tasks, not outputs
    prep({ bucket: 'b', seed: 1 }, { after: [data.outputs.train] });
  },
);

// @ts-expect-error a pipeline function cannot be async
export const waiting = pipeline('waiting', {}, async () => ({}));

export const outer = pipeline('outer', {}, () => {
  // @ts-expect-error a required parameter is missing
  good({});
});

export const sparing = pipeline('sparing', { note: optional<string>(), base: optional<Model>() }, () => {
  nothing();
});
export const spared = pipeline('spared', {}, () => {
  sparing();
  sparing({ note: 'x' });
  // @ts-expect-error a number is no text, also where none need be given
  sparing({ note: 3 });
});

// @ts-expect-error a task is no output
export const whole = pipeline('whole', {}, () => ({ task: nothing() }));

export const missing = pipeline('missing', {}, () => {
  // @ts-expect-error inputs are needed
  size();
});
