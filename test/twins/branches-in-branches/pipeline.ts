import { component, eq, gte, int, lt, ne, pipeline, when } from 'ferrule';

export const coin = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('branches-in-branches', { a: 'x', n: int(1) }, ({ a, n }) => {
  const first = coin({ text: a }).outputs.Output;
  when(eq(first, 'x'), () => {
    const second = coin({ text: 'inner' }).outputs.Output;
    when(
      eq(second, 'y'),
      () => {
        use({ text: first });
      },
      { name: 'inner y' },
    )
      .elseWhen(gte(n, 2), () => {
        when(lt(n, 10), () => use({ text: second })).otherwise(() => use({ text: a }), {
          name: 'ten or more',
        });
      })
      .otherwise(() => {
        use({ text: 'none' });
      });
    use({ text: 'after the inner ones' });
  })
    .elseWhen(ne(a, first), () => {
      use({ text: 'differs' });
    })
    .otherwise(
      () => {
        when(eq(n, 3), () => use({ text: 'three' }));
      },
      { name: 'last' },
    );
});
