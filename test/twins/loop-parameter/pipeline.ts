import { collect, component, forEach, int, pipeline, type Int } from 'ferrule';

export const square = component({ image: 'a' }, ({ n }: { n: Int }): Int => n * n);
export const say = component({ image: 'b' }, (_inputs: { text: string }) => {});

export default pipeline('loop-parameter', { sizes: [int(1), int(2)], names: ['a'] }, ({ sizes, names }) => {
  const loop = forEach(sizes, (n) => square({ n }));
  forEach(names, (name) => say({ text: name }));
  return { Output: collect(loop).Output };
});
