import { collect, component, eq, forEach, oneOf, pipeline, when, type Int, type Ref, type Task } from 'ferrule';

export const make = component({}, ({ n }: { n: Int }): Int => n);
export const say = component({}, (_inputs: { text: string }) => {});

export default pipeline('out-of-scope', { mode: 'a' }, ({ mode }) => {
  let item: Ref<unknown> = mode;
  let made = make({ n: 1 });
  const loop = forEach([1, 2], (n) => {
    item = n;
    made = make({ n });
    return made;
  });
  make({ n: made.outputs.Output });
  say({ text: `number ${item}` });
  make({ n: collect(loop) });
  let branch = made;
  when(eq(mode, 'a'), () => {
    branch = make({ n: 2 });
  });
  make({ n: branch.outputs.Output });
  make({ n: 3 }, { after: [branch] });
  let chosen = branch;
  const branches = when(eq(mode, 'a'), () => {
    chosen = make({ n: 4 });
    return chosen;
  }).otherwise(() => make({ n: chosen.outputs.Output }));
  when(eq(chosen.outputs.Output, 3), () => make({ n: oneOf(branches).Output }));
  forEach([1], () => {
    when(eq(made.outputs.Output, 1), () => make({ n: 5 }));
  });
  return { last: made.outputs.Output };
});
