import { component, int, pipeline, required, type Dataset, type Int } from 'ferrule';

export const load = component({ image: 'a' }, (_inputs: { n: Int }, _out: { data: Dataset }) => {});
export const count = component({ image: 'b' }, (_inputs: { data: Dataset; rate: number }): Int => 1);
export const finish = component({ image: 'c' }, (_inputs: { n: Int; text: string }) => {});

export const inner = pipeline(
  'inner',
  { data: required<Dataset>(), rate: 0.5, name: required<string>() },
  ({ data, rate, name }) => {
    const counted = count({ data, rate });
    finish({ n: counted.outputs.Output, text: `inner ${name}` }, { name: 'inside' });
    return { Output: counted.outputs.Output };
  },
);

export default pipeline('nested', { n: int(1), who: 'me' }, ({ n, who }) => {
  const loaded = load({ n });
  const done = inner({ data: loaded.outputs.data, name: `by ${who}` });
  finish({ n: done.outputs.Output, text: 'end' });
});
