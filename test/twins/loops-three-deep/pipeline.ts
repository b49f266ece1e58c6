import { component, forEach, pipeline, required } from 'ferrule';

export const split = component({ image: 'a' }, (_inputs: { text: string }): string[] => []);
export const use = component(
  { image: 'a' },
  (_inputs: { a: string; b: string; c: string; tag: string }): string => '',
);

export default pipeline(
  'loops-three-deep',
  { names: required<string[]>(), words: ['w'], tag: 't' },
  ({ names, words, tag }) => {
    const outer = split({ text: tag });
    forEach(
      names,
      (a) => {
        const inner = split({ text: a });
        forEach(inner.outputs.Output, (b) => {
          forEach(words, (c) => {
            const first = use({ a, b, c, tag });
            forEach(outer.outputs.Output, (d) => use({ a: d, b, c: first.outputs.Output, tag }));
          });
        });
      },
      { parallelism: 2 },
    );
  },
);
