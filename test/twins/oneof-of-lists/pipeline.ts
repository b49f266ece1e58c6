import {
  collect,
  component,
  eq,
  forEach,
  oneOf,
  pipeline,
  required,
  when,
  type Dataset,
  type Int,
} from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: { n: Int }, _out: { data: Dataset }) => {});
export const join = component({ image: 'a' }, (_inputs: { parts: readonly Dataset[] }) => {});
export const names = component({ image: 'a' }, (_inputs: { n: Int }): string[] => []);
export const use = component({ image: 'a' }, (_inputs: { texts: readonly string[] }) => {});

export const parts = pipeline('parts', { ns: required<Int[]>() }, ({ ns }) => ({
  Output: collect(forEach(ns, (n) => make({ n }))).data,
}));

export default pipeline('oneof-of-lists', { few: true }, ({ few }) => {
  const chosen = oneOf(
    when(eq(few, true), () => ({
      data: parts({ ns: [1] }).outputs.Output,
      titles: names({ n: 1 }).outputs.Output,
    })).otherwise(() => ({
      data: parts({ ns: [1, 2, 3] }).outputs.Output,
      titles: names({ n: 3 }).outputs.Output,
    })),
  );
  join({ parts: chosen.data });
  use({ texts: chosen.titles });
});
