import { component, forEach, gt, int, lt, pipeline, required, when, type Int } from 'ferrule';

export const measure = component({ image: 'a' }, (_inputs: { n: Int }): number => 0.5);
export const use = component({ image: 'a' }, (_inputs: { n: Int; loss: number }) => {});

export default pipeline(
  'conditions-on-many-levels',
  { ns: required<Int[]>(), limit: 0.5, least: int(1) },
  ({ ns, limit, least }) => {
    const before = measure({ n: least }).outputs.Output;
    when(lt(before, limit), () => {
      forEach(ns, (n) => {
        const inside = measure({ n }).outputs.Output;
        when(lt(inside, before), () => {
          when(gt(n, least), () => {
            when(gt(inside, limit), () => use({ n, loss: before }));
          });
        });
        when(lt(inside, before), () => use({ n: least, loss: inside }));
      });
    });
  },
);
