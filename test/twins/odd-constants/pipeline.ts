import { component, pipeline, type Int, type JsonValue } from 'ferrule';

interface Inputs {
  readonly text: string;
  readonly whole: Int;
  readonly rate: number;
  readonly flag: boolean;
  readonly list: readonly JsonValue[];
  readonly struct: Record<string, JsonValue>;
}
export const use = component({ image: 'a' }, (_inputs: Inputs) => {});

export default pipeline('odd-constants', {}, () => {
  use({ text: '', whole: 0, rate: 0, flag: false, list: [], struct: {} });
  use({
    text: 'two\nlines, a "quote", {braces} and \\',
    whole: -9007199254740991,
    rate: 1e-7,
    flag: true,
    list: [[], {}, '', -1.5],
    struct: { '': 1, 'a b': { c: [false, true] } },
  });
  use({
    text: ' 1',
    whole: 2147483648,
    rate: 1e21,
    flag: true,
    list: ['1', 'true', 'null'],
    struct: { '1': '~' },
  });
});
