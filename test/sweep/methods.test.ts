import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridConfigurations } from '../../sweep/methods/grid-search.ts';
import { normalBelow, normalBetween } from '../../sweep/methods/normal.ts';
import { parzen } from '../../sweep/methods/parzen.ts';
import type { Observation } from '../../sweep/methods/proposal.ts';
import { randomSearch } from '../../sweep/methods/random-search.ts';
import { tpe } from '../../sweep/methods/tpe.ts';
import { randomOf } from '../../sweep/random.ts';
import {
  allOf,
  configure,
  enumerate,
  gridOf,
  isActive,
  keyOf,
  placeOf,
  sizeOf,
  valueAt,
  type Configuration,
  type Dimension,
  type Space,
} from '../../sweep/space.ts';

const finite = { noNaN: true, noDefaultInfinity: true } as const;
const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  fc
    .tuple(fc.double({ min: -1e6, max: 1e6, ...finite }), fc.double({ min: 1e-3, max: 1e6, ...finite }))
    .map(([low, span]): Dimension => ({ kind: 'number', low, high: low + span, log: false })),
  fc
    .tuple(fc.double({ min: 1e-6, max: 10, ...finite }), fc.double({ min: 1.5, max: 1e6, ...finite }))
    .map(([low, ratio]): Dimension => ({ kind: 'number', low, high: low * ratio, log: true })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 500 }))
    .map(([low, span]): Dimension => ({ kind: 'integer', low, high: low + span, log: false })),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 5000 }))
    .map(([low, span]): Dimension => ({ kind: 'integer', low, high: low + span, log: true })),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 6 })
    .map((values): Dimension => ({ kind: 'choice', values })),
);
const space: fc.Arbitrary<Space> = fc
  .array(dimension, { minLength: 1, maxLength: 4 })
  .map((dimensions) => dimensions.map((one, at) => ({ name: `p${at}`, dimension: one })));

function holds(one: Dimension, value: unknown): boolean {
  if (one.kind === 'choice') return one.values.includes(value as string);
  return (
    typeof value === 'number' &&
    value >= one.low &&
    value <= one.high &&
    (one.kind === 'number' || Number.isInteger(value))
  );
}

/** Plays a search of a function, and gives its trials. */
function played(
  method: typeof tpe,
  searched: Space,
  seed: number,
  count: number,
  valueOf: (configuration: Configuration, number: number) => number | undefined,
): readonly Configuration[] {
  const done: {
    readonly number: number;
    readonly configuration: Configuration;
    readonly value: number | undefined;
  }[] = [];
  for (let number = 0; number < count; number++) {
    const known = done
      .filter(({ value }) => value !== undefined)
      .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
    const before = done.map((one): Observation => {
      const rank = known.indexOf(one);
      return { number: one.number, configuration: one.configuration, ...(rank >= 0 && { rank }) };
    });
    const configuration = method({ space: searched, seed, number, before });
    if (configuration === undefined) break;
    done.push({ number, configuration, value: valueOf(configuration, number) });
  }
  return done.map(({ configuration }) => configuration);
}

const noise = (configuration: Configuration): number => randomOf(keyOf(configuration)).next();

describe.each([
  ['random search', randomSearch],
  ['TPE', tpe],
] as const)('%s', (_, method) => {
  it('stays within the bounds, gives every parameter, and tries nothing twice', () => {
    fc.assert(
      fc.property(space, fc.integer(), (searched, seed) => {
        const tried = played(method, searched, seed, 25, (one, number) =>
          number % 7 === 3 ? undefined : noise(one),
        );
        for (const configuration of tried)
          for (const { name, dimension: one } of searched) expect(holds(one, configuration[name])).toBe(true);
        expect(new Set(tried.map(keyOf)).size).toBe(tried.length);
        expect(tried.length).toBe(Math.min(25, sizeOf(searched)));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same from the same seed, and something else from another', () => {
    fc.assert(
      fc.property(space, fc.integer(), (searched, seed) => {
        const once = played(method, searched, seed, 15, noise);
        expect(played(method, searched, seed, 15, noise)).toEqual(once);
        const other = keyOf(played(method, searched, seed + 1, 15, noise).map((one) => keyOf(one)));
        const alike = other === keyOf(once.map((one) => keyOf(one)));
        expect(alike && sizeOf(searched) > 1e6).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('gives a parameter where its condition holds, and nowhere else', () => {
    const conditional: Space = [
      { name: 'model', dimension: { kind: 'choice', values: ['tree', 'network'] } },
      {
        name: 'depth',
        dimension: { kind: 'integer', low: 1, high: 9, log: false },
        when: { model: ['tree'] },
      },
      {
        name: 'rate',
        dimension: { kind: 'number', low: 1e-4, high: 1, log: true },
        when: { model: ['network'] },
      },
    ];
    const tried = played(method, conditional, 5, 40, (one) =>
      Number(one['depth'] ?? 10 * Number(one['rate'])),
    );
    expect(tried).toHaveLength(40);
    for (const configuration of tried)
      for (const parameter of conditional)
        expect(configuration[parameter.name] !== undefined).toBe(isActive(parameter, configuration));
    expect(new Set(tried.map((one) => one['model'])).size).toBe(2);
  });
});

describe('random search', () => {
  it('spreads evenly: whole numbers at both ends as often as others, ratios alike', () => {
    const searched: Space = [
      { name: 'whole', dimension: { kind: 'integer', low: 1, high: 4, log: false } },
      { name: 'ratio', dimension: { kind: 'number', low: 1e-4, high: 1, log: true } },
      { name: 'plain', dimension: { kind: 'number', low: -1, high: 1, log: false } },
    ];
    const count = 4000;
    const drawn = Array.from({ length: count }, (_, number) =>
      randomSearch({ space: searched, seed: 3, number, before: [] }),
    );
    for (const whole of [1, 2, 3, 4])
      expect(drawn.filter((one) => one?.['whole'] === whole).length / count).toBeCloseTo(0.25, 1);
    for (const decade of [-4, -3, -2, -1])
      expect(
        drawn.filter((one) => Math.floor(Math.log10(Number(one?.['ratio']))) === decade).length / count,
      ).toBeCloseTo(0.25, 1);
    expect(drawn.filter((one) => Number(one?.['plain']) < 0).length / count).toBeCloseTo(0.5, 1);
  });
});

describe('TPE', () => {
  const bowl: Space = ['x', 'y', 'z'].map((name) => ({
    name,
    dimension: { kind: 'number', low: -10, high: 10, log: false },
  }));
  const depth = (one: Configuration): number =>
    (Number(one['x']) - 3) ** 2 + (Number(one['y']) + 5) ** 2 + Number(one['z']) ** 2;
  const bestOf = (method: typeof tpe, seed: number): number =>
    Math.min(...played(method, bowl, seed, 80, depth).map(depth));

  it('comes nearer than random search, nearly always', () => {
    const wins = Array.from({ length: 20 }, (_, seed) => bestOf(tpe, seed) < bestOf(randomSearch, seed));
    expect(wins.filter(Boolean).length).toBeGreaterThanOrEqual(18);
  });

  it('sends trials that are under way together to different places', () => {
    const before = played(tpe, bowl, 1, 30, depth);
    const ranked = before
      .map((configuration, number) => ({ configuration, number, loss: depth(configuration) }))
      .toSorted((a, b) => a.loss - b.loss);
    const observations: Observation[] = before.map((configuration, number) => ({
      number,
      configuration,
      rank: ranked.findIndex((one) => one.number === number),
    }));
    const together: Configuration[] = [];
    for (let number = 30; number < 38; number++) {
      const pending = together.map((configuration, at): Observation => ({ number: 30 + at, configuration }));
      together.push(tpe({ space: bowl, seed: 1, number, before: [...observations, ...pending] }) ?? {});
    }
    expect(new Set(together.map((one) => Math.round(Number(one['x']) * 10))).size).toBeGreaterThan(5);
  });

  it('keeps away from where trials fail', () => {
    const searched: Space = [{ name: 'rate', dimension: { kind: 'number', low: 0, high: 1, log: false } }];
    const tried = played(tpe, searched, 2, 60, (one) =>
      Number(one['rate']) > 0.5 ? undefined : Math.abs(Number(one['rate']) - 0.25),
    );
    const late = tried.slice(30);
    expect(late.filter((one) => Number(one['rate']) > 0.5).length).toBeLessThan(late.length / 3);
  });
});

describe('a Parzen estimator', () => {
  it('is a density: it sums up to one', () => {
    const searched: Space = [
      { name: 'whole', dimension: { kind: 'integer', low: 1, high: 30, log: true } },
      { name: 'kind', dimension: { kind: 'choice', values: ['a', 'b', 'c'] } },
    ];
    const seen = [
      { whole: 3, kind: 'a' },
      { whole: 17, kind: 'c' },
      { whole: 4, kind: 'a' },
    ];
    const density = parzen(searched, seen, [1, 1, 1]);
    const total = [...enumerate(searched, allOf)].reduce((sum, one) => sum + Math.exp(density.log(one)), 0);
    expect(total).toBeCloseTo(1, 5);
  });

  it('draws what it says', () => {
    const searched: Space = [{ name: 'whole', dimension: { kind: 'integer', low: 1, high: 8, log: false } }];
    const density = parzen(searched, [{ whole: 2 }, { whole: 3 }], [1, 1]);
    const random = randomOf('draws');
    const count = 8000;
    const drawn = Array.from({ length: count }, () => Number(density.sample(random)['whole']));
    for (let whole = 1; whole <= 8; whole++)
      expect(drawn.filter((one) => one === whole).length / count).toBeCloseTo(
        Math.exp(density.log({ whole })),
        1.5,
      );
  });
});

describe('the normal distribution', () => {
  it('is that of the tables, far out too', () => {
    expect(normalBelow(0)).toBeCloseTo(0.5, 7);
    expect(normalBelow(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalBetween(8, 9) / 6.220960574271786e-16).toBeCloseTo(1, 3);
    expect(normalBetween(-9, -8)).toBeCloseTo(normalBetween(8, 9), 20);
  });
});

describe('a space', () => {
  it('finds values at places, and places of values', () => {
    fc.assert(
      fc.property(dimension, fc.double({ min: 0, max: 0.999_999, ...finite }), (one, at) => {
        const value = valueAt(one, at);
        expect(holds(one, value)).toBe(true);
        const place = one.kind === 'choice' ? 0 : placeOf(one, Number(value));
        expect(place).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('has grids with both ends, in order, of the size that is said', () => {
    fc.assert(
      fc.property(dimension, fc.integer({ min: 2, max: 9 }), (one, points) => {
        if (one.kind === 'choice') return;
        const grid = gridOf({ ...one, points }).map(Number);
        expect(grid.length).toBeLessThanOrEqual(points);
        expect(grid.at(0)).toBeCloseTo(one.low, 3);
        const top = one.low < one.high ? one.high : one.low;
        expect(Math.abs((grid.at(-1) ?? 0) - top)).toBeLessThanOrEqual(Math.abs(top) * 1e-5);
        expect(grid).toEqual(grid.toSorted((a, b) => a - b));
      }),
    );
    expect(
      gridConfigurations([{ name: 'a', dimension: { kind: 'integer', low: 1, high: 3, log: false } }]),
    ).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('leaves out what a condition rules out', () => {
    const conditional: Space = [
      { name: 'kind', dimension: { kind: 'choice', values: ['a', 'b'] } },
      { name: 'depth', dimension: { kind: 'integer', low: 1, high: 3, log: false }, when: { kind: ['a'] } },
    ];
    expect(gridConfigurations(conditional)).toHaveLength(4);
    expect(sizeOf(conditional)).toBe(4);
    expect(configure(conditional, ({ name }) => (name === 'kind' ? 'b' : 1))).toEqual({ kind: 'b' });
  });
});
