import { component, eq, forEach, ne, oneOf, pipeline, required, when, type Dataset } from 'ferrule';

export const leaf = component(
  { image: 'a' },
  ({ text }: { text: string }, _out: { data: Dataset }): string => text,
);
export const twig = component({ image: 'a' }, (_inputs: { data: Dataset; text: string }) => {});
export const name = component({ image: 'a' }, (_inputs: { text: string }): string[] => []);

export const bough = pipeline('bough', { text: required<string>(), deep: true }, ({ text, deep }) => {
  const made = when(eq(deep, true), () => leaf({ text }), { name: 'deep' }).otherwise(() =>
    leaf({ text: 'shallow' }),
  );
  return { Output: oneOf(made).data };
});

export const tree = pipeline(
  'tree',
  { texts: required<readonly string[]>(), tag: required<string>() },
  ({ texts, tag }) => {
    forEach(
      texts,
      (text) => {
        const made = bough({ text });
        twig({ data: made.outputs.Output, text: tag });
      },
      { parallelism: 4 },
    );
  },
);

export default pipeline('pipelines-three-deep', { tag: 'oak' }, ({ tag }) => {
  const names = name({ text: tag });
  when(ne(tag, 'none'), () => {
    forEach([['a', 'b'], ['c']], (texts) => {
      tree({ texts, tag });
    });
    tree({ texts: names.outputs.Output, tag: `${tag}!` });
  });
  tree({ texts: ['x'], tag: 'plain' });
});
