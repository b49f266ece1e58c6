import { component, pipeline, type Int } from 'ferrule';

interface Split {
  readonly count: Int;
  readonly mean: number;
  readonly names: readonly string[];
  readonly ok: boolean;
  readonly info: Readonly<Record<string, string>>;
  readonly title: string;
}

export const split = component({ image: 'split' }, async (_inputs: { text: string }): Promise<Split> => {
  throw new Error('not run here');
});
export const use = component(
  { image: 'use' },
  (_inputs: {
    count: Int;
    mean: number;
    names: readonly string[];
    ok: boolean;
    info: Readonly<Record<string, string>>;
  }) => {},
);

export default pipeline('several-outputs', {}, () => {
  const { count, mean, names, ok, info } = split({ text: 'a b' }).outputs;
  use({ count, mean, names, ok, info });
});
