import { component, eq, int, oneOf, pipeline, when, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);

export default pipeline('oneof-several', { x: int(1) }, ({ x }) => {
  const both = oneOf(
    when(eq(x, 1), () => {
      const a = make({ n: 1 }).outputs.Output;
      const b = make({ n: a }).outputs.Output;
      return { first: a, second: b };
    }).otherwise(() => {
      const c = make({ n: 3 }).outputs.Output;
      const d = make({ n: 4 }).outputs.Output;
      return { first: d, second: c };
    }),
  );
  const { first } = both;
  make({ n: both.second });
  make({ n: first });
  const third = oneOf(when(eq(x, 2), () => make({ n: 5 })).otherwise(() => make({ n: 6 })));
  make({ n: third.Output });
});
