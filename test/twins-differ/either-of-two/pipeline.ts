import { component, gt, int, not, or, and, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, () => {});

export default pipeline('either-of-two', { a: true, n: int(1) }, ({ a, n }) => {
  when(or(a, gt(n, 2)), () => use());
  when(not(and(a, or(gt(n, 2), not(a)))), () => use());
});
