import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const x = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const x2 = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);

export default pipeline('names-repeated', { n: int(1) }, ({ n }) => {
  x({ n: 1 });
  x2({ n: 2 }, { name: 'x-2' });
  x({ n: 3 });
  when(eq(n, 1), () => {
    x({ n: 4 });
    x2({ n: 5 }, { name: 'x-2' });
    x({ n });
  });
  forEach([1, 2], (item) => {
    x({ n: item });
    x({ n: item });
    when(eq(item, 2), () => {
      x({ n: item });
      x2({ n: item }, { name: 'x-2' });
    });
  });
  for (let at = 0; at < 4; at++) x({ n });
});
