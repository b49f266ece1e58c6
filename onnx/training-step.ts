import { UserError } from '../errors/index.ts';
import { graphBuilder, type GraphBuilder, type Value } from './builder.ts';
import { differentiate } from './differentiate.ts';
import { modelOf, type Model } from './model.ts';
import type { Optimizer } from './optimizers.ts';
import { membersOf, packed, packsOf, type Pack, type Parameter } from './packs.ts';

/** The forward pass of a training step. */
export interface Forward {
  /** One element: what is made smaller. */
  readonly loss: Value;
  /** Values to see after each step, by the names they get. */
  readonly outputs?: Readonly<Record<string, Value>>;
}

/** A training step: forward pass, backward pass and update, as one ordinary ONNX graph. */
export interface TrainingStep {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** The parameters as they go in and come out. */
  readonly packs: readonly Pack[];
  /** Names of the outputs that `forward` asked for, with `loss`. */
  readonly outputs: readonly string[];
}

/** Names the input that holds an optimiser's memory of a parameter or pack. */
export function stateName(parameter: string, state: string): string {
  return `${parameter}/${state}`;
}

/** Names the output that holds the next value of a pack or of a memory. */
export function nextName(name: string): string {
  return `${name}/next`;
}

/** Names the input that holds one of the optimiser's numbers. */
export function scalarName(scalar: string): string {
  return `optimizer/${scalar}`;
}

/**
 * Builds a training step. Parameters and the optimiser's memory go in as inputs, and come out updated as outputs.
 * @param forward adds the forward pass to the graph; it finds each parameter by its name
 * @throws UserError FER7003 where an operator on the way has no gradient rule, FER7005 where the loss does not depend on
 * a parameter
 */
export function trainingStep(
  name: string,
  optimizer: Optimizer,
  parameters: readonly Parameter[],
  forward: (graph: GraphBuilder, parameter: (name: string) => Value) => Forward,
): TrainingStep {
  const graph = graphBuilder(name);
  const packs = packsOf(parameters, optimizer.decays);
  const wholes = packs.map((pack) => graph.input(pack.name, 'float32', pack.dims));
  const members = new Map(packs.flatMap((pack, index) => partsOf(graph, pack, wholes[index])));
  const find = (wanted: string): Value => {
    const found = members.get(wanted);
    if (found === undefined)
      throw new UserError('FER7005', { problem: `"${wanted}" is not a parameter of "${name}"` });
    return found;
  };
  const { loss, outputs = {} } = forward(graph, find);
  const names = packs.flatMap((pack) => pack.members.map((member) => member.name));
  const gradients = new Map(
    differentiate(graph, loss, names.map(find)).map((gradient, index) => [names[index] ?? '', gradient]),
  );
  const scalars: Record<string, Value> = {};
  for (const scalar of optimizer.scalars) scalars[scalar] = graph.input(scalarName(scalar), 'float32', []);
  for (const [index, pack] of packs.entries()) {
    const parameter = wholes[index];
    const slopes = pack.members.flatMap((member) => gradients.get(member.name) ?? []);
    if (parameter !== undefined) addUpdate(graph, optimizer, pack, parameter, slopes, scalars);
  }
  for (const [outputName, value] of Object.entries({ ...outputs, loss })) graph.output(outputName, value);
  return Object.freeze({
    model: modelOf(graph.graph()),
    optimizer,
    packs,
    outputs: [...Object.keys(outputs), 'loss'],
  });
}

function partsOf(
  graph: GraphBuilder,
  pack: Pack,
  whole: Value | undefined,
): readonly (readonly [string, Value])[] {
  return whole === undefined ? [] : membersOf(graph, pack, whole);
}

function addUpdate(
  graph: GraphBuilder,
  optimizer: Optimizer,
  pack: Pack,
  parameter: Value,
  slopes: readonly Value[],
  scalars: Readonly<Record<string, Value>>,
): void {
  const state = optimizer.state.map((kind) => graph.input(stateName(pack.name, kind), 'float32', pack.dims));
  const gradient = packed(graph, pack, slopes);
  const own =
    pack.rate === 1
      ? scalars
      : { ...scalars, rate: graph.op('Mul', [scalars['rate'], graph.float(pack.rate)]) };
  const next = optimizer.update(graph, { parameter, gradient, state, scalars: own, decays: pack.decays });
  graph.output(nextName(pack.name), next.parameter);
  for (const [place, value] of next.state.entries())
    graph.output(nextName(stateName(pack.name, optimizer.state[place] ?? '')), value);
}
