/** What a sweep searches: parameters, and the values that each may take. */
import { canonicalJson, type JsonValue } from '../spec/index.ts';

export interface NumberDimension {
  readonly kind: 'number';
  readonly low: number;
  readonly high: number;
  /** Whether equal ratios count as equal steps. */
  readonly log: boolean;
  /** How many values a grid takes. */
  readonly points?: number;
}

export interface IntegerDimension {
  readonly kind: 'integer';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** How many values a grid takes. @default all */
  readonly points?: number;
}

export interface ChoiceDimension {
  readonly kind: 'choice';
  /** Different from each other, at least one. */
  readonly values: readonly JsonValue[];
}

export type Dimension = NumberDimension | IntegerDimension | ChoiceDimension;

export interface SearchedParameter {
  readonly name: string;
  readonly dimension: Dimension;
  /** Is given only where other parameters, which come before it, have one of these values. */
  readonly when?: Readonly<Record<string, readonly JsonValue[]>>;
}

/** Parameters in an order in which those that a condition names come first. */
export type Space = readonly SearchedParameter[];

/** Values by parameter: one whose condition does not hold is absent. */
export type Configuration = Readonly<Record<string, JsonValue>>;

/** Whether a parameter is given, next to the values of those before it. */
export function isActive({ when }: SearchedParameter, configuration: Configuration): boolean {
  return Object.entries(when ?? {}).every(([name, values]) => {
    const value = configuration[name];
    return value !== undefined && values.some((one) => keyOf(one) === keyOf(value));
  });
}

/** Makes a configuration, parameter by parameter. */
export function configure(space: Space, valueOf: (parameter: SearchedParameter) => JsonValue): Configuration {
  const configuration: Record<string, JsonValue> = {};
  for (const parameter of space)
    if (isActive(parameter, configuration)) configuration[parameter.name] = valueOf(parameter);
  return configuration;
}

/** A text that equal values, and equal configurations, share. */
export function keyOf(value: JsonValue | Configuration): string {
  return canonicalJson(value);
}

/** Finds the value at a place of a dimension. @param at from 0 to below 1 */
export function valueAt(dimension: Dimension, at: number): JsonValue {
  if (dimension.kind === 'choice')
    return (
      dimension.values[Math.min(dimension.values.length - 1, Math.floor(at * dimension.values.length))] ??
      null
    );
  const [from, to] = ends(dimension);
  const exact = unscaled(from + at * (to - from), dimension.log);
  const value = dimension.kind === 'integer' ? Math.round(exact) : rounded(exact, dimension);
  return Math.min(dimension.high, Math.max(dimension.low, value));
}

/** Rounds a number that is to be tried: more digits would make no difference, and nobody could read them. */
function rounded(value: number, { low, high }: NumberDimension | IntegerDimension): number {
  if (low === high) return low;
  // A narrow range far from zero is told apart only further behind.
  const alike = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / (high - low)));
  return Number(value.toPrecision(Math.min(17, 6 + Math.max(0, alike))));
}

/** Finds the place of a number on its dimension, 0 to 1. */
export function placeOf(dimension: NumberDimension | IntegerDimension, value: number): number {
  const [from, to] = ends(dimension);
  return to === from ? 0.5 : (scaled(value, dimension.log) - from) / (to - from);
}

/** The ends of a dimension on the scale that it is searched on; a whole number owns half a step to each side. */
function ends({ kind, low, high, log }: NumberDimension | IntegerDimension): readonly [number, number] {
  const margin = kind === 'integer' ? 0.5 : 0;
  return [scaled(low - margin, log), scaled(high + margin, log)];
}

function scaled(value: number, log: boolean): number {
  return log ? Math.log(value) : value;
}

function unscaled(value: number, log: boolean): number {
  return log ? Math.exp(value) : value;
}

/** Lists the values that a grid takes of a dimension, in order. */
export function gridOf(dimension: Dimension): readonly JsonValue[] {
  if (dimension.kind === 'choice') return dimension.values;
  const { kind, low, high, log, points } = dimension;
  const all = kind === 'integer' ? high - low + 1 : Number.POSITIVE_INFINITY;
  const count = points ?? (kind === 'integer' ? all : defaultPoints);
  if (count >= all) return Array.from({ length: all }, (_, index) => low + index);
  if (count === 1) return [low];
  const values = Array.from({ length: count }, (_, index) => {
    const exact = unscaled(
      scaled(low, log) + (index / (count - 1)) * (scaled(high, log) - scaled(low, log)),
      log,
    );
    const value = kind === 'integer' ? Math.round(exact) : rounded(exact, dimension);
    return Math.min(high, Math.max(low, value));
  });
  return [...new Set(values)];
}

/** Values that a grid takes of a range of numbers where nobody says. */
const defaultPoints = 5;

/** How many configurations there are; Infinity where any parameter is a range of numbers. */
export function sizeOf(space: Space): number {
  const some = space.some(({ dimension }) => dimension.kind === 'number' && dimension.low < dimension.high);
  if (some) return Number.POSITIVE_INFINITY;
  if (space.every(({ when }) => when === undefined))
    return space.reduce((product, { dimension }) => product * countOf(dimension), 1);
  const most = space.reduce((product, { dimension }) => product * countOf(dimension), 1);
  return most > countable ? most : [...enumerate(space, allOf)].length;
}

/** Configurations of a space with conditions that are counted one by one. */
const countable = 100_000;

function countOf(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.values.length;
  return dimension.kind === 'integer' ? dimension.high - dimension.low + 1 : 1;
}

/** All values of a dimension that has so many. */
export function allOf(dimension: Dimension): readonly JsonValue[] {
  if (dimension.kind === 'choice') return dimension.values;
  const { points: _, ...whole } = dimension;
  return dimension.kind === 'integer' ? gridOf(whole) : [dimension.low];
}

/** Goes over all configurations, the last parameter fastest. */
export function* enumerate(
  space: Space,
  valuesOf: (dimension: Dimension) => readonly JsonValue[],
  begun: Configuration = {},
): Generator<Configuration> {
  const [first, ...rest] = space;
  if (first === undefined) {
    yield begun;
    return;
  }
  if (!isActive(first, begun)) {
    yield* enumerate(rest, valuesOf, begun);
    return;
  }
  for (const value of valuesOf(first.dimension))
    yield* enumerate(rest, valuesOf, { ...begun, [first.name]: value });
}
