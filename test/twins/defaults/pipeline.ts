import { component, pipeline, type Int } from 'ferrule';

interface Inputs {
  readonly data: string;
  readonly epochs?: Int;
  readonly rate?: number;
  readonly shuffle?: boolean;
  readonly mode?: 'head' | 'full';
  readonly sizes?: readonly Int[];
  readonly extra?: Readonly<Record<string, string>>;
  readonly note?: string;
}

export const train = component(
  { image: 'train' },
  ({
    data,
    epochs = 10,
    rate = 0.001,
    shuffle = false,
    mode = 'head',
    sizes = [1, 2],
    extra = { a: 'b' },
  }: Inputs) => {
    void [data, epochs, rate, shuffle, mode, sizes, extra];
  },
);

export default pipeline('defaults', {}, () => {
  train({ data: 'x' });
});
