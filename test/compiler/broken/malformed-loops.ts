import { component, eq, forEach, int, pipeline, run, when, type Dataset, type Int } from 'ferrule';

export const take = component({}, ({ n }: { n: Int }, _out: { data: Dataset }): Int => n);
export const say = component({}, (_inputs: { text: string }) => {});

export default pipeline('malformed-loops', { n: int(1), sizes: [1], name: 'x' }, ({ n, sizes, name }) => {
  const made = take({ n });
  forEach([], () => take({ n }));
  forEach(n, () => take({ n }));
  forEach(made.outputs.data, () => take({ n }));
  forEach(made, () => take({ n }));
  forEach([made.outputs.Output, n], (item) => take({ n: item }));
  forEach([`${name}`], (text) => say({ text }));
  forEach([undefined, () => 1], () => take({ n }));
  forEach([{ of: [run.id] }], () => take({ n }));
  forEach(
    forEach([1], () => take({ n })),
    () => take({ n }),
  );
  forEach([1, 2], () => {});
  forEach([1, 2]);
  forEach([1, 2], async (item) => {
    take({ n: item });
  });
  forEach([1, 2], (item) => take({ n: item }), { parallelism: 0, limit: 3 });
  forEach(['a'], (text) => take({ n: text }));
  forEach([{ a: 1 }], (item) => take({ n: item.b }));
  forEach([{ a: 1 }, { a: 'x' }], (item) => take({ n: item.a }));
  forEach(sizes, (size) => take({ n: size }), { name: `${name}` });
  when(eq(n, 1), () => {
    say({ text: 'x' });
    for (const size of sizes) take({ n: size });
  });
});
