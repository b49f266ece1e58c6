import { component, forEach, pipeline, type Int } from 'ferrule';

export const flag = component({ image: 'a' }, (_inputs: { on: boolean }) => {});
export const row = component({ image: 'b' }, (_inputs: { values: readonly Int[] }) => {});

export default pipeline('loop-other-constants', {}, () => {
  forEach([true, false], (on) => flag({ on }));
  forEach([[1, 2], [3]], (values) => row({ values }));
});
