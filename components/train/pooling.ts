import { TaskError } from 'ferrule';
import type { Model, Node } from 'ferrule/onnx';

/**
 * Makes sure that a network ends in a list of features: one that ends in feature maps [N, C, H, W] is given an average
 * over each map. Of several outputs the first counts.
 * @throws TaskError where the output is neither
 */
export function pooled(model: Model): Model {
  const { graph } = model;
  const [output] = graph.outputs;
  const rank = output?.dims?.length;
  if (output === undefined || (rank !== 2 && rank !== 4))
    throw new TaskError(
      `the backbone gives ${output?.name ?? 'nothing'} [${output?.dims?.join(', ') ?? ''}], which are no features`,
      { fix: 'give a network that ends in [N, features] or in feature maps [N, C, H, W]' },
    );
  if (rank === 2) return { ...model, graph: { ...graph, outputs: [output] } };
  const name = `${output.name}/pooled`;
  const nodes: Node[] = [
    { op: 'GlobalAveragePool', domain: '', inputs: [output.name], outputs: [`${name}/maps`], attributes: {} },
    {
      op: 'Flatten',
      domain: '',
      inputs: [`${name}/maps`],
      outputs: [name],
      attributes: { axis: { kind: 'int', value: 1 } },
    },
  ];
  const features = { name, elementType: output.elementType, dims: ['N', output.dims?.[1] ?? '?'] };
  return { ...model, graph: { ...graph, nodes: [...graph.nodes, ...nodes], outputs: [features] } };
}
