import { writeFile } from 'node:fs/promises';
import {
  floatTensor,
  graphBuilder,
  modelOf,
  sizeOf,
  withAnyBatch,
  withMetadata,
  writeModel,
  type Model,
  type Value,
} from 'ferrule/onnx';
import { noise } from '../onnx/noise.ts';

/** Pixels on each side of what the small network takes. */
export const smallSize = 16;

/**
 * Builds a small network with all that real ones have: a strided convolution, a residual block with a depthwise
 * convolution, a convolution at the end, and feature maps [N, 8, 8, 8] that are not pooled yet. Three blocks.
 */
export function smallNetwork(): Model {
  const graph = graphBuilder('small');
  const weight = (name: string, dims: readonly number[], size: number): Value =>
    graph.constant(
      floatTensor(
        name,
        dims,
        noise(sizeOf(dims), name.length + sizeOf(dims)).map((v) => v * size),
      ),
    );
  const picture = graph.input('picture', 'float32', [1, 3, smallSize, smallSize]);
  const stem = graph.op('Conv', [picture, weight('stem.w', [8, 3, 3, 3], 0.3), weight('stem.b', [8], 0.1)], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  });
  const narrow = graph.op('Conv', [graph.op('Relu', [stem]), weight('narrow.w', [8, 8, 1, 1], 0.4)]);
  const deep = graph.op('Conv', [narrow, weight('deep.w', [8, 1, 3, 3], 0.3), weight('deep.b', [8], 0.1)], {
    group: 8,
    pads: [1, 1, 1, 1],
  });
  const clipped = graph.op('Clip', [deep, graph.float(0), graph.float(6)]);
  const sum = graph.op('Add', [graph.op('Conv', [clipped, weight('project.w', [8, 8, 1, 1], 0.4)]), narrow]);
  const last = graph.op('Conv', [sum, weight('last.w', [8, 8, 1, 1], 0.4), weight('last.b', [8], 0.1)]);
  graph.output('maps', graph.op('Relu', [last]));
  const model = withAnyBatch(modelOf(graph.graph()));
  return withMetadata(model, { mean: '127,127,127', std: '128,128,128', pixel_range: '0..255' });
}

/** Writes the small network to a file and gives its path. */
export async function writeSmallNetwork(path: string): Promise<string> {
  await writeFile(path, writeModel(smallNetwork()));
  return path;
}
