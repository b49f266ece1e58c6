import {
  collect,
  component,
  eq,
  forEach,
  int,
  pipeline,
  required,
  when,
  type Dataset,
  type Int,
  type Model,
} from 'ferrule';

export const train = component(
  { image: 'a' },
  (_inputs: { data: Dataset; n: Int }, _out: { model: Model }) => {},
);
export const check = component({ image: 'b' }, (_inputs: { data: Dataset }): Int => 1);
export const merge = component({ image: 'c' }, (_inputs: { models: readonly Model[] }) => {});

export default pipeline(
  'loop-artifacts',
  { parts: required<readonly Dataset[]>(), n: int(1) },
  ({ parts, n }) => {
    const loop = forEach(parts, (part) => {
      const checked = check({ data: part }).outputs.Output;
      return when(eq(checked, n), () => train({ data: part, n }));
    });
    merge({ models: collect(loop).model });
  },
);
