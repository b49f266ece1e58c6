import {
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

export const load = component({ image: 'a' }, (_inputs: {}, _out: { data: Dataset }) => {});
export const train = component(
  { image: 'b' },
  (_inputs: { data: Dataset; n: Int }, _out: { model: Model }) => {},
);
export const check = component({ image: 'c' }, (_inputs: { model: Model; data: Dataset }) => {});

export default pipeline('artifacts-through-groups', { base: required<Model>(), x: int(1) }, ({ base, x }) => {
  const { data } = load().outputs;
  when(eq(x, 1), () =>
    forEach([1, 2], (n) => {
      const { model } = train({ data, n }).outputs;
      when(eq(n, 1), () => {
        check({ model, data });
        check({ model: base, data });
      });
    }),
  );
});
