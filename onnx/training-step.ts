import { graphBuilder, type GraphBuilder, type Value } from './builder.ts';
import { differentiate } from './differentiate.ts';
import { modelOf, type Model } from './model.ts';
import type { Optimizer } from './optimizers.ts';

/** What is trained: a name and a shape. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
}

/** The forward pass of a training step. */
export interface Forward {
  /** One element: what is made smaller. */
  readonly loss: Value;
  /** Inputs of the graph that are trained. */
  readonly parameters: readonly Value[];
  /** Shares of the learning rate for parameters that are to move slower, by name. @default 1 */
  readonly rates?: Readonly<Record<string, number>>;
  /** Values to see after each step, by the names they get. */
  readonly outputs?: Readonly<Record<string, Value>>;
}

/** A training step: forward pass, backward pass and update, as one ordinary ONNX graph. */
export interface TrainingStep {
  readonly model: Model;
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
  /** Names of the outputs that `forward` asked for, with `loss`. */
  readonly outputs: readonly string[];
}

/** Names the input that holds an optimiser's memory of a parameter. */
export function stateName(parameter: string, state: string): string {
  return `${parameter}/${state}`;
}

/** Names the output that holds the next value of a parameter or of a memory. */
export function nextName(name: string): string {
  return `${name}/next`;
}

/** Names the input that holds one of the optimiser's numbers. */
export function scalarName(scalar: string): string {
  return `optimizer/${scalar}`;
}

/**
 * Builds a training step. Parameters and the optimiser's memory go in as inputs, and come out updated as outputs.
 * @param forward adds the forward pass to the graph
 * @throws UserError FER7003 where an operator on the way has no gradient rule
 */
export function trainingStep(
  name: string,
  optimizer: Optimizer,
  forward: (graph: GraphBuilder) => Forward,
): TrainingStep {
  const graph = graphBuilder(name);
  const { loss, parameters, rates = {}, outputs = {} } = forward(graph);
  const gradients = differentiate(graph, loss, parameters);
  const scalars: Record<string, Value> = {};
  for (const scalar of optimizer.scalars) scalars[scalar] = graph.input(scalarName(scalar), 'float32', []);
  for (const [index, gradient] of gradients.entries()) {
    const parameter = parameters[index];
    if (parameter === undefined) continue;
    const state = optimizer.state.map((kind) =>
      graph.input(stateName(parameter.name, kind), 'float32', parameter.dims),
    );
    const share = rates[parameter.name];
    const own = share === undefined ? scalars : slowed(graph, scalars, share);
    const next = optimizer.update(graph, { parameter, gradient, state, scalars: own });
    graph.output(nextName(parameter.name), next.parameter);
    for (const [place, value] of next.state.entries())
      graph.output(nextName(stateName(parameter.name, optimizer.state[place] ?? '')), value);
  }
  for (const [outputName, value] of Object.entries({ ...outputs, loss })) graph.output(outputName, value);
  return Object.freeze({
    model: modelOf(graph.graph()),
    parameters: parameters.map(({ name, dims }) => ({ name, dims })),
    optimizer,
    outputs: [...Object.keys(outputs), 'loss'],
  });
}

/** Takes a share of the learning rate. */
function slowed(
  graph: GraphBuilder,
  scalars: Readonly<Record<string, Value>>,
  share: number,
): Record<string, Value> {
  return { ...scalars, rate: graph.op('Mul', [scalars['rate'], graph.float(share)]) };
}
