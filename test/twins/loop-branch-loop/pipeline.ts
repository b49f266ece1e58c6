import { component, forEach, gt, int, pipeline, when, type Int } from 'ferrule';

export const split = component({ image: 'a' }, ({ n }: { n: Int }): Int[] => [n]);
export const use = component({ image: 'a' }, (_inputs: { n: Int; m: Int }) => {});

export default pipeline('loop-branch-loop', { ns: [int(1), int(2)], least: int(1) }, ({ ns, least }) => {
  forEach(
    ns,
    (n) => {
      const made = split({ n });
      when(gt(n, least), () => {
        forEach(made.outputs.Output, (m) => use({ n, m }));
      });
    },
    { parallelism: 2 },
  );
});
