import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkModel,
  floatTensor,
  graphBuilder,
  joinModels,
  modelOf,
  withAnyBatch,
  withConstants,
  withMetadata,
  writeModel,
  type Model,
  type Tensors,
} from 'ferrule/onnx';
import type { Backbone, SplitBackbone } from './backbone.ts';
import type { Classifier } from './classifier-graph.ts';
import { addHead } from './head.ts';
import { pixelsGraph } from './pixels-graph.ts';

export interface ClassifierFile {
  readonly backbone: Backbone;
  readonly split: SplitBackbone;
  readonly classifier: Classifier;
  /** The parameters to write. */
  readonly parameters: Tensors;
  readonly classes: readonly string[];
  /** What else its metadata says, by key. */
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * Writes `classifier.onnx` into a folder: uint8 RGB [N, height, width, 3] in, probabilities [N, classes] out; labels,
 * preprocessing, backbone and settings in its metadata.
 */
export async function exportClassifier(folder: string, file: ClassifierFile): Promise<void> {
  const { backbone, split, classifier, parameters, classes, notes } = file;
  const floats: Record<string, Float32Array> = {};
  for (const [name, { data }] of Object.entries(parameters))
    if (data instanceof Float32Array) floats[name] = data;
  const joined = joinModels('classifier', [
    { prefix: 'pixels/', model: pixelsGraph(backbone) },
    ...(split.frozen === undefined ? [] : [{ prefix: 'backbone/', model: split.frozen }]),
    ...(split.trained === undefined
      ? []
      : [{ prefix: 'tuned/', model: withConstants(split.trained, floats) }]),
    { prefix: '', model: headGraph(classifier, floats) },
  ]);
  const model = withMetadata(joined, {
    ...notes,
    labels: JSON.stringify(classes),
    preprocessing: JSON.stringify(backbone.preprocessing),
    backbone: backbone.source,
    backboneDigest: `sha256:${backbone.digest}`,
  });
  checkModel(model);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'classifier.onnx'), writeModel(model));
}

function headGraph({ head }: Classifier, parameters: Readonly<Record<string, Float32Array>>): Model {
  const graph = graphBuilder('head');
  const features = graph.input('features', 'float32', [1, head.features]);
  const constant = (name: string): ReturnType<typeof graph.constant> | undefined => {
    const values = parameters[name];
    if (values === undefined) return undefined;
    const outputs = name.startsWith('head/hidden') ? head.hiddenUnits : head.classes;
    const dims = name.endsWith('/bias') ? [outputs] : [values.length / outputs, outputs];
    return graph.constant(floatTensor(name, dims, values));
  };
  const logits = addHead(graph, head, features, constant);
  graph.output('probabilities', graph.op('Softmax', [logits], { axis: -1 }));
  return withAnyBatch(modelOf(graph.graph()));
}
