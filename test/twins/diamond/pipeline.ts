import { component, int, pipeline, type Dataset, type Int } from 'ferrule';

export const load = component({ image: 'a' }, (_inputs: { seed: Int }, _out: { data: Dataset }): Int => 1);
export const left = component({ image: 'b' }, (_inputs: { data: Dataset; n: Int }): number => 1);
export const right = component({ image: 'c' }, (_inputs: { data: Dataset }): number => 1);
export const join = component({ image: 'd' }, (_inputs: { a: number; b: number; n: Int }): number => 1);

export default pipeline('diamond', { seed: int(1) }, ({ seed }) => {
  const loaded = load({ seed });
  const a = left({ data: loaded.outputs.data, n: loaded.outputs.Output });
  const b = right({ data: loaded.outputs.data });
  join({ a: a.outputs.Output, b: b.outputs.Output, n: loaded.outputs.Output });
});
