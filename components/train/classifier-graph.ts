import {
  adam,
  graphBuilder,
  importModel,
  modelOf,
  trainingStep,
  type ConstantTensor,
  type GraphBuilder,
  type Model,
  type Parameter,
  type TrainingStep,
  type Value,
} from 'ferrule/onnx';
import { addHead, droppedUnits, headParameters, type Head } from './head.ts';

/** What is trained: the last blocks of the backbone, where any are, and the head. */
export interface Classifier {
  /** Shape of one photograph's features, as the frozen part gives them. */
  readonly featureDims: readonly number[];
  readonly trained: Model | undefined;
  readonly head: Head;
}

/** Names of a step's inputs and outputs. */
export const names = {
  features: 'batch/features',
  targets: 'batch/targets',
  weights: 'batch/weights',
  mask: 'batch/mask',
  logits: 'batch/logits',
} as const;

/** The backbone's blocks know their task already: they move at a tenth of the head's rate. */
const backboneShare = 0.1;

/** Operators whose inputs at these places are weights. Statistics of a batch normalisation are not: they stay. */
const weightPlaces: Readonly<Record<string, readonly number[]>> = {
  Add: [0, 1],
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  Gemm: [1, 2],
  MatMul: [0, 1],
  Mul: [0, 1],
};

/** Lists the constants of the backbone's last blocks that are trained. */
export function trainedConstants(trained: Model | undefined): readonly ConstantTensor[] {
  if (trained === undefined) return [];
  const weights = new Set(
    trained.graph.nodes.flatMap(({ op, inputs }) => (weightPlaces[op] ?? []).map((place) => inputs[place])),
  );
  return trained.graph.constants.filter(
    ({ name, elementType, dims }) => weights.has(name) && elementType === 1 && dims.some((size) => size > 1),
  );
}

/** Lists everything that is trained, the head last. */
export function parametersOf({ trained, head }: Classifier): readonly Parameter[] {
  const blocks = trainedConstants(trained).map(({ name, dims }) => ({ name, dims, rate: backboneShare }));
  return [...blocks, ...headParameters(head)];
}

/** Counts the features that the head takes, by laying out the trained blocks for one photograph. */
export function featureCount(featureDims: readonly number[], trained: Model | undefined): number {
  const graph = graphBuilder('shapes');
  const entry = graph.input(names.features, 'float32', [1, ...featureDims]);
  const [output] = trained === undefined ? [entry] : blocks(graph, trained, entry, () => undefined);
  return output?.dims[1] ?? 0;
}

/** Adds the trained blocks. */
function blocks(
  graph: GraphBuilder,
  trained: Model,
  entry: Value,
  parameters: (name: string) => Value | undefined,
): Value[] {
  const inputs = Object.fromEntries(trained.graph.inputs.map(({ name }) => [name, entry]));
  const replace = (constant: ConstantTensor): Value | undefined => parameters(constant.name);
  return Object.values(importModel(graph, trained, { inputs, replace }));
}

/** Adds everything from the features to the logits. */
function addClassifier(
  graph: GraphBuilder,
  { featureDims, trained, head }: Classifier,
  batch: number,
  parameters: (name: string) => Value | undefined,
  mask?: Value,
): Value {
  const features = graph.input(names.features, 'float32', [batch, ...featureDims]);
  const [pooled = features] = trained === undefined ? [] : blocks(graph, trained, features, parameters);
  return addHead(graph, head, pooled, parameters, mask);
}

/** Builds the graph that only looks: features [batch, ...] to logits [batch, classes]. */
export function lookingGraph(classifier: Classifier, batch: number): Model {
  const graph = graphBuilder('look');
  const parameters = new Map(
    parametersOf(classifier).map(({ name, dims }) => [name, graph.input(name, 'float32', dims)]),
  );
  const logits = addClassifier(graph, classifier, batch, (name) => parameters.get(name));
  graph.output(names.logits, logits);
  return modelOf(graph.graph());
}

/**
 * Builds the training step: cross-entropy against targets [batch, classes], summed with weights [batch, 1] that add up
 * to 1, so that places of the batch that are left empty weigh nothing; then Adam.
 */
export function stepGraph(
  classifier: Classifier,
  batch: number,
  options: { readonly weightDecay: number; readonly dropout: number },
): TrainingStep {
  const { head } = classifier;
  const trained = parametersOf(classifier);
  const known = new Set(trained.map(({ name }) => name));
  return trainingStep('step', adam({ weightDecay: options.weightDecay }), trained, (graph, parameter) => {
    const mask =
      options.dropout === 0 ? undefined : graph.input(names.mask, 'float32', [batch, droppedUnits(head)]);
    const find = (name: string): Value | undefined => (known.has(name) ? parameter(name) : undefined);
    const logits = addClassifier(graph, classifier, batch, find, mask);
    const targets = graph.input(names.targets, 'float32', [batch, head.classes]);
    const weights = graph.input(names.weights, 'float32', [batch, 1]);
    const agreement = graph.op('Mul', [graph.op('LogSoftmax', [logits], { axis: -1 }), targets]);
    const weighted = graph.op('Mul', [agreement, weights]);
    const loss = graph.op('Neg', [graph.op('ReduceSum', [weighted], { keepdims: 0 })]);
    return { loss, outputs: { [names.logits]: logits } };
  });
}
