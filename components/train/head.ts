import type { Data, GraphBuilder, Parameter, Value } from 'ferrule/onnx';
import { randomOf } from './random.ts';

/** The classifier on top of the features: one layer, or a hidden one before it. */
export interface Head {
  readonly features: number;
  /** 0 for none. */
  readonly hiddenUnits: number;
  readonly classes: number;
}

/** Lists the head's parameters. */
export function headParameters({ features, hiddenUnits, classes }: Head): readonly Parameter[] {
  const inputs = hiddenUnits === 0 ? features : hiddenUnits;
  const output = [
    { name: 'head/output/weight', dims: [inputs, classes] },
    { name: 'head/output/bias', dims: [classes] },
  ];
  if (hiddenUnits === 0) return output;
  return [
    { name: 'head/hidden/weight', dims: [features, hiddenUnits] },
    { name: 'head/hidden/bias', dims: [hiddenUnits] },
    ...output,
  ];
}

/** Draws first weights evenly from ±sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010); biases start at zero. */
export function firstWeights(head: Head, seed: number): Record<string, Data> {
  const weights: Record<string, Data> = {};
  for (const { name, dims } of headParameters(head)) {
    const [inputs = 1, outputs] = dims;
    const random = randomOf(seed, 'weights', name);
    const limit = outputs === undefined ? 0 : Math.sqrt(6 / (inputs + outputs));
    const length = inputs * (outputs ?? 1);
    const data = Float32Array.from({ length }, () => (random.next() * 2 - 1) * limit);
    weights[name] = { dims, data };
  }
  return weights;
}

/** Width of the layer that dropout acts on: the one before the output. */
export function droppedUnits({ features, hiddenUnits }: Head): number {
  return hiddenUnits === 0 ? features : hiddenUnits;
}

/**
 * Adds the head to a graph.
 * @param features [batch, features]
 * @param parameters gives each parameter by its name
 * @param mask what dropout multiplies by, [batch, droppedUnits]; none outside training
 * @returns logits [batch, classes]
 */
export function addHead(
  graph: GraphBuilder,
  head: Head,
  features: Value,
  parameters: (name: string) => Value | undefined,
  mask?: Value,
): Value {
  const layer = (from: Value, name: string): Value =>
    graph.op('Gemm', [from, parameters(`${name}/weight`), parameters(`${name}/bias`)]);
  const hidden = head.hiddenUnits === 0 ? features : graph.op('Relu', [layer(features, 'head/hidden')]);
  return layer(mask === undefined ? hidden : graph.op('Mul', [hidden, mask]), 'head/output');
}
