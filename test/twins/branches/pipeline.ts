import { component, eq, gt, int, pipeline, when, type Int } from 'ferrule';

export const flip = component({ image: 'a' }, (): string => 'heads');
export const run = component({ image: 'b' }, (_inputs: { n: Int }) => {});

export default pipeline('branches', { x: int(1) }, ({ x }) => {
  const flipped = flip().outputs.Output;
  when(eq(flipped, 'heads'), () => run({ n: 1 }), { name: 'is-heads' })
    .elseWhen(gt(x, 3), () => run({ n: x }), { name: 'many' })
    .elseWhen(eq(flipped, 'edge'), () => run({ n: 3 }))
    .otherwise(() => run({ n: 4 }), { name: 'rest' });
  when(eq(x, 1), () => run({ n: 5 })).otherwise(() => run({ n: 6 }));
  when(eq(x, 4), () => run({ n: 9 }));
  when(eq(x, 2), () => run({ n: 7 })).elseWhen(eq(x, 3), () => run({ n: 8 }));
});
