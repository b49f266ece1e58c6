import { collect, component, forEach, int, pipeline, type Int } from 'ferrule';

export const repeat = component(
  {},
  async ({ text, times }: { readonly text: string; readonly times: Int }): Promise<string> =>
    text.repeat(times),
);

export const join = component({}, async ({ words }: { readonly words: readonly string[] }): Promise<string> =>
  words.join(' '),
);

export default pipeline('loop-fields', {}, () => {
  const repeated = forEach(
    [
      { n: int(1), word: "it's" },
      { n: int(2), word: '"b"' },
    ],
    (item) => repeat({ text: `<${item.word}>`, times: item.n }),
    { parallelism: 1 },
  );
  return join({ words: collect(repeated).Output }).outputs;
});
