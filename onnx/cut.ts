import { UserError } from '../errors/index.ts';
import type { Graph, Model, Node, ValueInfo } from './model.ts';

/**
 * Cuts a part out of a model: the nodes that lead from the values `inputs` to the values `outputs`, with the constants
 * they use.
 * @throws UserError FER7006 where an output also depends on something before the inputs, or does not exist
 */
export function cutModel(model: Model, inputs: readonly ValueInfo[], outputs: readonly ValueInfo[]): Model {
  const { graph } = model;
  const given = new Set(inputs.map(({ name }) => name));
  const needed = nodesBetween(graph, given, outputs);
  const used = new Set(needed.flatMap(namesUsedBy));
  for (const { name } of outputs) used.add(name);
  const constants = graph.constants.filter(({ name }) => used.has(name));
  const made = new Set([
    ...given,
    ...needed.flatMap((node) => node.outputs),
    ...constants.map(({ name }) => name),
  ]);
  const missing = [...needed.flatMap((node) => node.inputs), ...outputs.map(({ name }) => name)].find(
    (name) => name !== '' && !made.has(name),
  );
  if (missing !== undefined)
    throw new UserError('FER7006', {
      problem: `the part cut out of the graph "${graph.name}" also needs "${missing}"`,
      fix: 'cut at a value that everything after it depends on alone',
    });
  return Object.freeze({
    ...model,
    graph: Object.freeze({ name: graph.name, inputs, outputs, constants, nodes: needed }),
  });
}

function nodesBetween(graph: Graph, given: ReadonlySet<string>, outputs: readonly ValueInfo[]): Node[] {
  const wanted = new Set(outputs.map(({ name }) => name));
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name) && !given.has(name))) continue;
    kept.push(node);
    if (hasBranches(node))
      throw new UserError('FER7006', { problem: `a graph with ${node.op} cannot be cut here` });
    for (const name of node.inputs) if (!given.has(name)) wanted.add(name);
  }
  return kept.toReversed();
}

function namesUsedBy(node: Node): readonly string[] {
  return node.inputs;
}

/** Whether a node holds graphs of its own, whose use of outer values is not followed here. */
function hasBranches(node: Node): boolean {
  return Object.values(node.attributes).some(
    (attribute) => attribute.kind === 'opaque' && attribute.hasGraph,
  );
}

/** Puts other values in place of constants, by name; the shapes stay. */
export function withConstants(model: Model, values: Readonly<Record<string, Float32Array>>): Model {
  const constants = model.graph.constants.map((constant) => {
    const replacement = values[constant.name];
    if (replacement === undefined) return constant;
    if (replacement.byteLength !== constant.bytes.length)
      throw new UserError('FER7006', {
        problem: `the new values of "${constant.name}" have another size than the old ones`,
      });
    const bytes = new Uint8Array(replacement.buffer, replacement.byteOffset, replacement.byteLength).slice();
    return { ...constant, bytes };
  });
  return Object.freeze({ ...model, graph: Object.freeze({ ...model.graph, constants }) });
}
