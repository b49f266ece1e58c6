import { component, eq, forEach, pipeline, when, type Int } from 'ferrule';

export const step = component({}, (_: { n?: Int }): string => 'x');

export default pipeline('given', { names: ['a'], which: 'a', count: 2 }, ({ names, which, count }) => {
  const loop = forEach(names, () => step());
  const branch = when(eq(which, 'a'), () => step());
  const branches = when(eq(which, 'b'), () => step()).otherwise(() => step());
  step({ n: count });
  (names as never as string[]).map((name) => step({ n: name.length }));
  return { loop, branch, branches, count, whole: step(), 'a b': step().outputs.Output } as never;
});
