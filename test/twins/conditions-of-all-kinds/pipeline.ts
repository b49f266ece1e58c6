import { component, eq, gt, gte, int, lt, lte, ne, pipeline, when, type Int } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});
export const measure = component({ image: 'b' }, (): number => 1);

export default pipeline(
  'conditions-of-all-kinds',
  { i: int(1), f: 0.5, b: true, s: 'x' },
  ({ i, f, b, s }) => {
    when(eq(i, 1), () => run({ n: 1 }));
    when(ne(i, 2), () => run({ n: 2 }));
    when(gt(i, 3), () => run({ n: 3 }));
    when(gte(i, 4), () => run({ n: 4 }));
    when(lt(i, 5), () => run({ n: 5 }));
    when(lte(i, -6), () => run({ n: 6 }));
    when(gt(f, 3), () => run({ n: 7 }));
    when(gt(i, 3.5), () => run({ n: 8 }));
    when(lt(f, i), () => run({ n: 9 }));
    when(b, () => run({ n: 10 }));
    when(ne(b, false), () => run({ n: 11 }));
    when(eq(s, 'x "y" zü'), () => run({ n: 12 }));
    when(lt(s, 'm'), () => run({ n: 13 }));
    when(gt(f, 1e-7), () => run({ n: 14 }));
    when(lt(f, 1e22), () => run({ n: 15 }));
    when(gte(measure().outputs.Output, f), () => run({ n: 16 }));
    when(ne(s, ''), () => run({ n: 17 }));
  },
);
