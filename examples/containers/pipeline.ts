import { container, ifPresent, pipeline, type Dataset, type Int } from 'ferrule';

/** Writes the words of a text to a file, one a line. */
export const words = container<{ text: string; between?: string }, { words: Dataset }>(
  ({ text, between }, { words }) => ({
    image: 'alpine:3.20',
    command: ['sh', '-ec', `echo "$0" | tr "$1" '\\n' > ${words.path}`],
    args: [text, ifPresent(between, between, ' ')],
  }),
);

/** Counts lines. */
export const count = container<{ lines: Dataset }, { total: Int }>(({ lines }, { total }) => ({
  image: 'alpine:3.20',
  command: ['sh', '-ec', `wc -l < ${lines.path} > ${total.path}`],
}));

/** Runs programs in images of others. Here the run says which image, so that any with a shell does. */
export default pipeline('containers', { text: 'the fog lifts', image: 'alpine:3.20' }, ({ text, image }) => {
  const plain = words({ text }, { image });
  const split = words({ text, between: 'i' }, { image });
  const counted = count({ lines: plain.outputs.words }, { image, memory: '64Mi' });
  const others = count({ lines: split.outputs.words }, { image });
  return { words: counted.outputs.total, others: others.outputs.total };
});
