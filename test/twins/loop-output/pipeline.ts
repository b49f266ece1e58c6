import { component, forEach, pipeline, type Int } from 'ferrule';

export const count = component({ image: 'a' }, ({ n }: { n: Int }): Int[] => [n]);
export const name = component({ image: 'c' }, (): string => '');
export const say = component({ image: 'b' }, (_inputs: { text: string; n: Int }) => {});

export default pipeline('loop-output', { who: 'you' }, ({ who }) => {
  const counted = count({ n: 3 });
  const other = name();
  forEach(counted.outputs.Output, (n) => say({ text: `${who} ${n} of ${other.outputs.Output}`, n }));
});
