/** A Parzen estimator: a density made of one kernel around each configuration that was seen, and a broad one. */
import type { JsonValue } from '../../spec/index.ts';
import type { Random } from '../random.ts';
import {
  configure,
  isActive,
  keyOf,
  placeOf,
  valueAt,
  type ChoiceDimension,
  type Configuration,
  type Dimension,
  type IntegerDimension,
  type NumberDimension,
  type Space,
} from '../space.ts';
import { logNormalDensity, normalBetween } from './normal.ts';

export interface Density {
  sample(random: Random): Configuration;
  /** The logarithm of the density at a configuration. */
  log(configuration: Configuration): number;
}

/** What one kernel says of one parameter. */
type Part =
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number; readonly inside: number }
  | { readonly kind: 'shares'; readonly shares: readonly number[] };

/** Parts by parameter; where a parameter was not given, nothing is known of it. */
type Kernel = ReadonlyMap<string, Part>;

/**
 * Makes a density of configurations.
 * @param weights of the configurations, one each; the broad kernel weighs 1
 */
export function parzen(space: Space, seen: readonly Configuration[], weights: readonly number[]): Density {
  const count = seen.length + 1;
  const widths = new Map(space.map(({ name, dimension }) => [name, widthsOf(name, dimension, seen)]));
  const kernels: Kernel[] = [
    ...seen.map((configuration, at) =>
      kernelAt(space, configuration, (name) => widths.get(name)?.[at] ?? 1, count),
    ),
    new Map(space.map(({ name, dimension }) => [name, broad(dimension)])),
  ];
  const all = [...weights, 1];
  const total = all.reduce((sum, weight) => sum + weight, 0);
  const logWeights = all.map((weight) => Math.log(weight / total));
  return {
    sample(random) {
      let left = random.next() * total;
      const chosen = kernels[all.findIndex((weight) => (left -= weight) < 0)] ?? kernels[0];
      return configure(space, ({ name, dimension }) =>
        sampled(dimension, chosen?.get(name) ?? broad(dimension), random),
      );
    },
    log(configuration) {
      const given = space.filter((parameter) => isActive(parameter, configuration));
      const terms = kernels.map((kernel, at) =>
        given.reduce((sum, { name, dimension }) => {
          const value = configuration[name];
          return value === undefined
            ? sum
            : sum + logPart(dimension, kernel.get(name) ?? broad(dimension), value);
        }, logWeights[at] ?? 0),
      );
      const largest = Math.max(...terms);
      return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
    },
  };
}

/**
 * The widths of the kernels along one parameter, as shares of its range: each reaches to the farther of its neighbours, so
 * that kernels are narrow where much is known, and never a needle.
 */
function widthsOf(name: string, dimension: Dimension, seen: readonly Configuration[]): readonly number[] {
  if (dimension.kind === 'choice') return [];
  const places = seen.flatMap((configuration, at) => {
    const value = configuration[name];
    return value === undefined ? [] : [{ at, place: placeOf(dimension, Number(value)) }];
  });
  const sorted = places.toSorted((a, b) => a.place - b.place);
  const least = 1 / Math.min(100, seen.length + 2);
  const widths: number[] = [];
  for (const [index, { at, place }] of sorted.entries()) {
    const lower = sorted[index - 1]?.place ?? (sorted.length > 1 ? place : 0);
    const upper = sorted[index + 1]?.place ?? (sorted.length > 1 ? place : 1);
    widths[at] = Math.min(1, Math.max(least, place - lower, upper - place));
  }
  return widths;
}

function kernelAt(
  space: Space,
  configuration: Configuration,
  widthOf: (name: string) => number,
  count: number,
): Kernel {
  const parts = new Map<string, Part>();
  for (const { name, dimension } of space) {
    const value = configuration[name];
    if (value === undefined) continue;
    parts.set(name, partAt(dimension, value, widthOf(name), count));
  }
  return parts;
}

function partAt(dimension: Dimension, value: JsonValue, width: number, count: number): Part {
  if (dimension.kind !== 'choice') return normal(placeOf(dimension, Number(value)), width);
  const extra = 1 / count;
  const at = indexOf(dimension, value);
  const sum = 1 + extra * dimension.values.length;
  return {
    kind: 'shares',
    shares: dimension.values.map((_, index) => ((index === at ? 1 : 0) + extra) / sum),
  };
}

function broad(dimension: Dimension): Part {
  if (dimension.kind !== 'choice') return normal(0.5, 1);
  return { kind: 'shares', shares: dimension.values.map(() => 1 / dimension.values.length) };
}

function normal(mean: number, deviation: number): Part {
  const inside = normalBetween(-mean / deviation, (1 - mean) / deviation);
  return { kind: 'normal', mean, deviation, inside };
}

function indexOf({ values }: ChoiceDimension, value: JsonValue): number {
  const key = keyOf(value);
  return values.findIndex((one) => keyOf(one) === key);
}

function sampled(dimension: Dimension, part: Part, random: Random): JsonValue {
  if (part.kind === 'shares') {
    let left = random.next();
    const index = part.shares.findIndex((share) => (left -= share) < 0);
    return valueAt(dimension, (Math.max(0, index) + 0.5) / part.shares.length);
  }
  for (;;) {
    const at = part.mean + part.deviation * random.normal();
    if (at >= 0 && at < 1) return valueAt(dimension, at);
  }
}

function logPart(dimension: Dimension, part: Part, value: JsonValue): number {
  if (dimension.kind === 'choice')
    return part.kind === 'shares' ? Math.log(part.shares[indexOf(dimension, value)] ?? Number.MIN_VALUE) : 0;
  if (part.kind === 'shares') return 0;
  const { mean, deviation, inside } = part;
  if (dimension.kind === 'number')
    return logNormalDensity(placeOf(dimension, Number(value)), mean, deviation) - Math.log(inside);
  // A whole number stands for all places that are rounded to it.
  const [from, to] = stepAround(dimension, Number(value));
  const share = normalBetween((from - mean) / deviation, (to - mean) / deviation);
  return Math.log(Math.max(share, Number.MIN_VALUE)) - Math.log(inside);
}

function stepAround(dimension: IntegerDimension, value: number): readonly [number, number] {
  const exact: NumberDimension = {
    ...dimension,
    kind: 'number',
    low: dimension.low - 0.5,
    high: dimension.high + 0.5,
  };
  return [placeOf(exact, value - 0.5), placeOf(exact, value + 0.5)];
}
