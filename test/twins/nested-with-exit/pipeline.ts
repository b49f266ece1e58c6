import { component, onExit, pipeline, required, type Int } from 'ferrule';

export const clean = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const run = component({ image: 'b' }, ({ n }: { n: Int }): Int => n);
export const finish = component({ image: 'c' }, () => {});

export const careful = pipeline('careful', { n: required<Int>() }, ({ n }) => {
  const cleaned = clean({ text: 'inner' });
  onExit(cleaned, () => run({ n }));
});

export default pipeline('nested-with-exit', {}, () => {
  careful({ n: 1 });
  finish();
});
