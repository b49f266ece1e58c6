import { graphBuilder, modelOf, withAnyBatch, type Model } from 'ferrule/onnx';
import type { Backbone } from './backbone.ts';

/** Builds the graph from pixels, uint8 [N, height, width, 3], to what the backbone takes. */
export function pixelsGraph({ preprocessing, normalisation }: Backbone): Model {
  const { width, height } = preprocessing;
  const graph = graphBuilder('pixels');
  const pixels = graph.input('pixels', 'uint8', [1, height, width, 3]);
  const floats = graph.op('Cast', [pixels], { to: 1 });
  const centred = graph.op('Sub', [floats, graph.float(normalisation.mean)]);
  const scaled = graph.op('Div', [centred, graph.float(normalisation.deviation)]);
  graph.output(
    'picture',
    normalisation.layout === 'NHWC' ? scaled : graph.op('Transpose', [scaled], { perm: [0, 3, 1, 2] }),
  );
  return withAnyBatch(modelOf(graph.graph()));
}
