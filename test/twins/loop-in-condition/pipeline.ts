import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const take = component({ image: 'a' }, (_inputs: { n: Int; text: string }) => {});
export const listUp = component({ image: 'b' }, (): Int[] => []);

export default pipeline('loop-in-condition', { mode: 'a', sizes: [int(1)] }, ({ mode, sizes }) => {
  const listed = listUp();
  when(eq(mode, 'a'), () => {
    forEach([1, 2], (n) => take({ n, text: mode }));
    forEach(sizes, (size) => take({ n: size, text: 'x' }));
    forEach(listed.outputs.Output, (one) => take({ n: one, text: 'y' }));
  });
});
