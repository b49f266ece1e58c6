import type { GraphBuilder, Value } from './builder.ts';

/** What an optimiser needs for one update, as values of the step's graph. */
export interface Update {
  readonly parameter: Value;
  readonly gradient: Value;
  /** The optimiser's memory of this parameter, in its shape, in the order of `state`. */
  readonly state: readonly Value[];
  /** Whether weight decay applies. */
  readonly decays: boolean;
  /** Numbers that change from step to step, by their names. */
  readonly scalars: Readonly<Record<string, Value>>;
}

/** A way to update parameters. */
export interface Optimizer {
  /** Names of the tensors it remembers a parameter, all zero at the start. */
  readonly state: readonly string[];
  /** Whether it takes something off the weights besides what the gradient asks for. */
  readonly decays: boolean;
  /** Names of the numbers that go into each step. */
  readonly scalars: readonly string[];
  /**
   * Computes those numbers.
   * @param step counted from 1
   * @param rate the learning rate of this step
   */
  scalarsAt(step: number, rate: number): Readonly<Record<string, number>>;
  /** Adds one parameter's update to the graph. */
  update(
    graph: GraphBuilder,
    update: Update,
  ): { readonly parameter: Value; readonly state: readonly Value[] };
}

export interface AdamOptions {
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-7 */
  readonly epsilon?: number;
  /** Share of each matrix that is taken off a step, times the learning rate (AdamW); biases keep theirs. @default 0 */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019). The moments are kept divided by
 * `1 - beta`, which saves two passes over the weights; the bias corrections then go into two scalars.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0 } = options;
  return {
    state: ['m', 'v'],
    decays: weightDecay !== 0,
    scalars: weightDecay === 0 ? ['rate', 'epsilon'] : ['rate', 'epsilon', 'keep'],
    scalarsAt(step, rate) {
      const second = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
      const scalars = {
        rate: ((rate * (1 - beta1)) / (1 - beta1 ** step)) * second,
        epsilon: epsilon * second,
      };
      return weightDecay === 0 ? scalars : { ...scalars, keep: 1 - rate * weightDecay };
    },
    update(graph, { parameter, gradient, state, scalars, decays }) {
      const [m, v] = state;
      const square = graph.op('Mul', [gradient, gradient]);
      const nextM = graph.op('Add', [graph.op('Mul', [m, graph.float(beta1)]), gradient]);
      const nextV = graph.op('Add', [graph.op('Mul', [v, graph.float(beta2)]), square]);
      const root = graph.op('Add', [graph.op('Sqrt', [nextV]), scalars['epsilon']]);
      const move = graph.op('Mul', [graph.op('Div', [nextM, root]), scalars['rate']]);
      const kept =
        scalars['keep'] !== undefined && decays ? graph.op('Mul', [parameter, scalars['keep']]) : parameter;
      return { parameter: graph.op('Sub', [kept, move]), state: [nextM, nextV] };
    },
  };
}

/** Stochastic gradient descent with momentum; without momentum it remembers nothing. */
export function sgd(options: { readonly momentum?: number } = {}): Optimizer {
  const { momentum = 0 } = options;
  return {
    state: momentum === 0 ? [] : ['m'],
    decays: false,
    scalars: ['rate'],
    scalarsAt: (_, rate) => ({ rate }),
    update(graph, { parameter, gradient, state, scalars }) {
      const [m] = state;
      const move =
        m === undefined ? gradient : graph.op('Add', [graph.op('Mul', [m, graph.float(momentum)]), gradient]);
      const next = graph.op('Sub', [parameter, graph.op('Mul', [move, scalars['rate']])]);
      return { parameter: next, state: m === undefined ? [] : [move] };
    },
  };
}
