import { component, forEach, pipeline, type JsonValue } from 'ferrule';

export const text = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const number = component({ image: 'a' }, (_inputs: { n: number }) => {});
export const flag = component({ image: 'a' }, (_inputs: { flag: boolean }) => {});
export const many = component({ image: 'a' }, (_inputs: { list: readonly JsonValue[] }) => {});
export const struct = component(
  { image: 'a' },
  (_inputs: { struct: Readonly<Record<string, JsonValue>> }) => {},
);

export default pipeline('loops-over-constants', {}, () => {
  forEach([0.5, 1e-7, 0.00001, 0.0001, 123456789.125, 1e21, -3.25], (n) => number({ n }));
  forEach([true, false], (yes) => flag({ flag: yes }));
  forEach(['', "it's", '"quoted"', 'two\nlines', '日本 é', '{{$}}', '\\'], (item) => text({ text: item }));
  const lists: JsonValue[][] = [['a', 1], [], [['b'], { c: null }]];
  forEach(lists, (list) => many({ list }));
  const items: { a: string; b: Record<string, JsonValue> }[] = [
    { b: { z: [1.5], a: 'ü' }, a: 'x' },
    { b: {}, a: '' },
  ];
  forEach(items, (item) => {
    struct({ struct: item });
    text({ text: item.a });
  });
});
