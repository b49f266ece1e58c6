import { component, int, pipeline, type Int } from 'ferrule';

interface Inputs {
  readonly text: string;
  readonly whole: Int;
  readonly rate: number;
  readonly flag: boolean;
  readonly list: readonly string[];
  readonly struct: Readonly<Record<string, Int>>;
}

export const use = component({ image: 'use' }, (_inputs: Inputs) => {});

export default pipeline(
  'parameter-types',
  { text: 'a', whole: int(3), rate: 0.5, flag: false, list: ['x', 'y'], struct: { k: int(1) } },
  ({ text, whole, rate, flag, list, struct }) => {
    use({ text, whole, rate, flag, list, struct });
  },
);
