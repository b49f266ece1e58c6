import {
  concat,
  container,
  forEach,
  gt,
  ifPresent,
  int,
  pipeline,
  when,
  type Dataset,
  type Int,
} from 'ferrule';

export const count = container<{ text: string; label?: string }, { lines: Int; data: Dataset }>(
  ({ text, label }, { lines, data }) => ({
    image: 'alpine:3.20',
    command: ['sh', '-c', `echo ${text} > ${data.path}; wc -l < ${data.path} > ${lines.path}`],
    args: [ifPresent(label, ['--label', concat('<', label, '>')], ['--plain'])],
  }),
);

export const join = container<{ data: Dataset; lines: Int }>(({ data, lines }) => ({
  image: 'alpine:3.20',
  command: ['cat'],
  args: [data.uri, lines],
}));

export default pipeline('container-in-groups', { limit: int(3) }, ({ limit }) => {
  forEach(['a', 'b'], (name) => {
    const counted = count({ text: name, label: `of ${name}` }, { memory: '1G' });
    when(gt(counted.outputs.lines, limit), () =>
      join({ data: counted.outputs.data, lines: counted.outputs.lines }),
    );
  });
  return { Output: count({ text: 'all' }).outputs.data };
});
