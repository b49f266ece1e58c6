import {
  collect,
  component,
  eq,
  forEach,
  gt,
  int,
  onExit,
  oneOf,
  pipeline,
  when,
  type FinalStatus,
  type Int,
} from 'ferrule';

export const add = component({ image: 'a' }, ({ a, b }: { a: Int; b: Int }): Int => a + b);
export const say = component({ image: 'b' }, ({ text }: { text: string }): string => text);
export const total = component({ image: 'c' }, ({ values }: { values: readonly Int[] }): Int =>
  values.reduce((sum, value) => sum + value, 0),
);
export const told = component({ image: 'd' }, (_inputs: { text: string; status: FinalStatus }) => {});

export default pipeline('exit-loop-branch', { start: int(1), mode: 'a' }, ({ start, mode }) => {
  const end = told({ text: `ended ${mode}` });
  onExit(
    end,
    () => {
      const loop = forEach([1, 2, 3], (value) => add({ a: value, b: start }), { parallelism: 2 });
      const sum = total({ values: collect(loop).Output });
      const branches = when(gt(sum.outputs.Output, 5), () => say({ text: 'much' }), { name: 'is much' })
        .elseWhen(eq(mode, 'a'), () => say({ text: `mode ${mode}` }))
        .otherwise(() => say({ text: 'little' }));
      say({ text: oneOf(branches).Output });
    },
    { name: 'work' },
  );
});
