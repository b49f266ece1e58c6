import { component, eq, gt, gte, int, lt, lte, ne, pipeline, when, type Int } from 'ferrule';

export const text = component({ image: 'a' }, (): string => '');
export const whole = component({ image: 'a' }, (): Int => 1);
export const rate = component({ image: 'a' }, (): number => 1);
export const flag = component({ image: 'a' }, (): boolean => true);
export const use = component({ image: 'a' }, () => {});

export default pipeline(
  'conditions-of-each-kind',
  { s: 'a', n: int(1), x: 0.5, b: true },
  ({ s, n, x, b }) => {
    const texts = text().outputs.Output;
    const wholes = whole().outputs.Output;
    const rates = rate().outputs.Output;
    const flags = flag().outputs.Output;
    const conditions = [
      [eq(s, 'a'), ne(s, ''), gt(s, 'A'), gte(s, 'b'), lt(s, 'c'), lte(s, 'z z'), eq(texts, s), ne(s, texts)],
      [
        eq(n, 1),
        ne(n, -1),
        gt(n, 0),
        gte(n, 10),
        lt(n, 9007199254740991),
        lte(n, n),
        eq(wholes, n),
        ne(n, wholes),
      ],
      [
        eq(x, 0.5),
        ne(x, 1e-7),
        gt(x, -1.5),
        gte(x, 0.25),
        lt(x, 1e21),
        lte(x, 100.5),
        gt(x, 0.00001),
        gt(x, 0.00025),
        eq(rates, x),
        ne(x, rates),
      ],
      [eq(n, 0.5), gt(x, 2), lt(wholes, x), gte(rates, n), eq(x, wholes)],
      [eq(b, true), ne(b, false), eq(flags, b), ne(b, flags), eq(flags, false)],
    ];
    for (const condition of conditions.flat()) when(condition, () => use());
  },
);
