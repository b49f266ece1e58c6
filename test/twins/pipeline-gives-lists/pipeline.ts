import { collect, component, forEach, ne, pipeline, required, when, type Dataset } from 'ferrule';

export const make = component(
  { image: 'a' },
  ({ name }: { name: string }, _out: { data: Dataset }): string => name,
);
export const join = component(
  { image: 'a' },
  (_inputs: { parts: readonly Dataset[]; names: readonly string[] }): string => '',
);

export const parts = pipeline('parts', { names: required<readonly string[]>() }, ({ names }) => {
  const made = collect(forEach(names, (name) => make({ name })));
  return { parts: made.data, names: made.Output };
});

export default pipeline('pipeline-gives-lists', {}, () => {
  const first = parts({ names: ['a', 'b'] }).outputs;
  const joined = join({ parts: first.parts, names: first.names });
  when(ne(joined.outputs.Output, ''), () => join({ parts: first.parts, names: ['x'] }));
  return { Output: first.parts };
});
