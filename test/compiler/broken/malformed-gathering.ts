import { collect, component, eq, forEach, gt, int, oneOf, pipeline, when, type Dataset, type Int } from 'ferrule';

export const take = component({}, ({ n }: { n: Int }, _out: { data: Dataset }): Int => n);
export const say = component({}, ({ text }: { text: string }): string => text);
export const parts = component({}, (): { size: { width: Int } } => ({ size: { width: 1 } }));

export default pipeline('malformed-gathering', { n: int(1), name: 'x' }, ({ n, name }) => {
  const outer = take({ n });
  oneOf(when(eq(n, 1), () => take({ n })));
  oneOf(outer);
  oneOf(forEach([1], () => take({ n })));
  oneOf(when(eq(n, 1), () => take({ n })).otherwise(() => void take({ n })));
  oneOf(when(eq(n, 1), () => take({ n })).otherwise(() => say({ text: 'x' }))).Output;
  oneOf(when(eq(n, 1), () => take({ n })).otherwise(() => say({ text: 'x' }))).data;
  oneOf(when(eq(n, 1), () => ({ a: take({ n }).outputs.Output })).otherwise(() => ({ b: take({ n }).outputs.Output }))).a;
  oneOf(when(eq(n, 1), () => (take({ n }), outer)).otherwise(() => take({ n }))).Output;
  oneOf(when(eq(n, 1), () => parts().outputs.size.width).otherwise(() => take({ n }).outputs.Output));
  collect(when(eq(n, 1), () => take({ n })));
  collect([1, 2]);
  collect(forEach([1], () => void take({ n })));
  collect(forEach([1], (item) => (take({ n }), item)));
  collect(forEach([1], () => (take({ n }), outer))).Output;
  const chain = when(eq(n, 1), () => take({ n }));
  forEach([1], () => {
    take({ n });
    chain.otherwise(() => take({ n }));
  });
  const ended = when(eq(n, 1), () => take({ n }));
  ended.otherwise(() => take({ n }));
  ended.elseWhen(gt(n, 3), () => take({ n }));
  when(eq(n, 1), () => {});
  when(eq(n, 1));
  when(eq(n, 1), () => take({ n }), { label: 'x' });
  void name;
});
