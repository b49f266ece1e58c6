/** Functions that optimisers are held against, each with the space that it is searched on. The least value is the best. */
import type { JsonValue } from '../../spec/index.ts';
import type { Configuration, Space } from '../../sweep/space.ts';

export interface TestFunction {
  readonly name: string;
  readonly space: Space;
  readonly least: number;
  readonly at: (configuration: Configuration) => number;
}

function cube(dimensions: number, low: number, high: number): Space {
  return Array.from({ length: dimensions }, (_, at) => ({
    name: `x${at}`,
    dimension: { kind: 'number', low, high, log: false } as const,
  }));
}

function numbers(configuration: Configuration): number[] {
  return Object.values(configuration).map(Number);
}

const { PI, cos, exp, sqrt, sin } = Math;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function branin([x = 0, y = 0]: readonly number[]): number {
  return (y - (5.1 / (4 * PI ** 2)) * x ** 2 + (5 / PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * PI)) * cos(x) + 10;
}

const hartmannScale = [1, 1.2, 3, 3.2];
const hartmannA = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannP = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

function hartmann6(x: readonly number[]): number {
  return -sum(
    hartmannScale.map(
      (scale, row) =>
        scale *
        exp(
          -sum(
            x.map((value, at) => (hartmannA[row]?.[at] ?? 0) * (value - (hartmannP[row]?.[at] ?? 0)) ** 2),
          ),
        ),
    ),
  );
}

function ackley(x: readonly number[]): number {
  const n = x.length;
  return (
    -20 * exp(-0.2 * sqrt(sum(x.map((value) => value ** 2)) / n)) -
    exp(sum(x.map((value) => cos(2 * PI * value))) / n) +
    20 +
    Math.E
  );
}

function rosenbrock(x: readonly number[]): number {
  return sum(x.slice(1).map((next, at) => 100 * (next - (x[at] ?? 0) ** 2) ** 2 + (1 - (x[at] ?? 0)) ** 2));
}

function rastrigin(x: readonly number[]): number {
  return 10 * x.length + sum(x.map((value) => value ** 2 - 10 * cos(2 * PI * value)));
}

function levy(x: readonly number[]): number {
  const w = x.map((value) => 1 + (value - 1) / 4);
  const [first = 1] = w;
  const last = w.at(-1) ?? 1;
  return (
    sin(PI * first) ** 2 +
    sum(w.slice(0, -1).map((value) => (value - 1) ** 2 * (1 + 10 * sin(PI * value + 1) ** 2))) +
    (last - 1) ** 2 * (1 + sin(2 * PI * last) ** 2)
  );
}

/** As the settings of a training are: a rate on a scale of ratios, counts, names, and figures that hang together. */
function settings(configuration: Configuration): number {
  const value = (name: string): JsonValue => configuration[name] ?? 0;
  const optimiser = JSON.stringify(value('optimiser'));
  const rate = Math.log10(Number(value('rate')));
  const best = { '"adam"': -3, '"sgd"': -1.5, '"rmsprop"': -3.2 }[optimiser] ?? 0;
  const offset = { '"adam"': 0, '"sgd"': 0.08, '"rmsprop"': 0.05 }[optimiser] ?? 0;
  const units = Math.log2(Number(value('units')));
  const layers = Number(value('layers'));
  const dropout = Number(value('dropout'));
  return (
    offset +
    0.15 * (rate - best - 0.15 * (units - 6)) ** 2 +
    0.03 * (units - 7.5) ** 2 +
    0.04 * (layers - 3) ** 2 +
    0.8 * (dropout - 0.05 * layers) ** 2
  );
}

const settingsSpace: Space = [
  { name: 'rate', dimension: { kind: 'number', low: 1e-5, high: 1, log: true } },
  { name: 'optimiser', dimension: { kind: 'choice', values: ['adam', 'sgd', 'rmsprop'] } },
  { name: 'units', dimension: { kind: 'integer', low: 4, high: 1024, log: true } },
  { name: 'layers', dimension: { kind: 'integer', low: 1, high: 8, log: false } },
  { name: 'dropout', dimension: { kind: 'number', low: 0, high: 0.7, log: false } },
];

const of =
  (f: (x: readonly number[]) => number) =>
  (configuration: Configuration): number =>
    f(numbers(configuration));

export const functions: readonly TestFunction[] = [
  {
    name: 'Branin, 2',
    space: [
      { name: 'x0', dimension: { kind: 'number', low: -5, high: 10, log: false } },
      { name: 'x1', dimension: { kind: 'number', low: 0, high: 15, log: false } },
    ],
    least: 0.397887,
    at: of(branin),
  },
  { name: 'Hartmann, 6', space: cube(6, 0, 1), least: -3.32237, at: of(hartmann6) },
  { name: 'Ackley, 5', space: cube(5, -20, 32), least: 0, at: of(ackley) },
  { name: 'Rosenbrock, 4', space: cube(4, -2, 2), least: 0, at: of(rosenbrock) },
  { name: 'Rastrigin, 5', space: cube(5, -5.12, 5.12), least: 0, at: of(rastrigin) },
  { name: 'Levy, 8', space: cube(8, -10, 10), least: 0, at: of(levy) },
  { name: 'settings of a training, 5', space: settingsSpace, least: 0, at: settings },
];
