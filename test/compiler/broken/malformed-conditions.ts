import { and, component, eq, gt, int, not, or, pipeline, required, run as facts, when, type Dataset, type Int } from 'ferrule';

export const run = component({}, (_inputs: {}, _out: { data: Dataset }): Int => 1);

export default pipeline(
  'malformed-conditions',
  { n: int(1), name: 'x', flag: true, sizes: [1], limits: { low: 1 } },
  ({ n, name, flag, sizes, limits }) => {
    const made = run();
    eq(n, 'three');
    eq(name, 3);
    eq(n, flag);
    eq(1, 2);
    gt(flag, true);
    eq(sizes, 1);
    eq(limits, 1);
    eq(made.outputs.data, 'x');
    eq(made, 1);
    eq(`${name}!`, 'x!');
    gt(n, Number.NaN);
    eq(n, undefined);
    eq(name, facts.name);
    when(true, () => run());
    when(n, () => run());
    when('x', () => run());
    and(eq(n, 1), name);
    or();
    not(made);
    when(and(eq(n, 1), or(flag, not(eq(name, 'x')))), () => run());
  },
);
