import { component, int, pipeline, type Dataset, type Int } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

/** Writes the words of a text to a file, one a line. */
export const split = component(
  {},
  async ({ text, lowerCase = true }: { text: string; lowerCase?: boolean }, out: { words: Dataset }) => {
    const words = (lowerCase ? text.toLowerCase() : text).match(/\p{L}+/gu) ?? [];
    await writeFile(out.words.path, words.join('\n'));
  },
);

/** Counts words of at least a length. */
export const count = component(
  {},
  async ({ words, atLeast }: { words: Dataset; atLeast: Int }): Promise<{ total: Int; longest: string }> => {
    const long = (await readFile(words.path, 'utf8')).split('\n').filter((word) => word.length >= atLeast);
    return { total: long.length, longest: long.toSorted((a, b) => b.length - a.length)[0] ?? '' };
  },
);

/** Counts the longer words of a text. */
export default pipeline('words', { text: 'The fog lifts, the frost remains', at_least: int(4) }, (params) => {
  const written = split({ text: `${params.text}.` });
  const counted = count({ words: written.outputs.words, atLeast: params.at_least });
  return { total: counted.outputs.total, longest: counted.outputs.longest };
});
