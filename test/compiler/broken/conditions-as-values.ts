import { component, eq, gt, int, pipeline, when } from 'ferrule';

export const run = component({}, () => {});

export default pipeline('conditions-as-values', { n: int(1), name: 'x' }, ({ n, name }) => {
  if (eq(n, 1)) run();
  when(eq(n, 1) && eq(name, 'x'), () => run());
  when(!eq(n, 1), () => run());
  const once = gt(n, 2) ? run() : undefined;
  when(eq(name, 'x') || eq(n, 2), () => run());
  void once;
});
