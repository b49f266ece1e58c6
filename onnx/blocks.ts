import type { Graph, Model, Node } from './model.ts';

const activations = new Set([
  'Clip',
  'Elu',
  'HardSigmoid',
  'HardSwish',
  'LeakyRelu',
  'Relu',
  'Sigmoid',
  'Tanh',
]);
const convolutions = new Set(['Conv', 'BatchNormalization']);

/**
 * Finds where a network can be cut into blocks: values that everything after them depends on alone, at the end of a
 * residual sum or of a convolution without activation. Networks without any are cut before each convolution. From the
 * network's input to its output; the last block begins at the last of them.
 */
export function blockBoundaries(model: Model): string[] {
  const { graph } = model;
  const consumers = consumersOf(graph);
  const cuts = singleValues(graph);
  const producer = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const ends = cuts.filter((name) => {
    const made = producer.get(name);
    const next = consumers.get(name) ?? [];
    return made !== undefined && endsBlock(made, next, producer);
  });
  if (ends.length > 0) return ends;
  return cuts.filter(
    (name) => producer.has(name) && (consumers.get(name) ?? []).some((node) => node.op === 'Conv'),
  );
}

function endsBlock(made: Node, next: readonly Node[], producer: ReadonlyMap<string, Node>): boolean {
  const goesOn = next.some((node) => activations.has(node.op) || node.op === 'BatchNormalization');
  if (next.length === 0 || goesOn) return false;
  if (made.op === 'Add') return true;
  if (activations.has(made.op)) return producer.get(made.inputs[0] ?? '')?.op === 'Add';
  return convolutions.has(made.op) && next.some((node) => node.op === 'Conv');
}

function consumersOf(graph: Graph): Map<string, Node[]> {
  const consumers = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const name of node.inputs) consumers.set(name, [...(consumers.get(name) ?? []), node]);
  return consumers;
}

/** Values at which, in the order the nodes run, nothing else is still waiting to be used. */
function singleValues(graph: Graph): string[] {
  const constants = new Set(graph.constants.map(({ name }) => name));
  const lastUse = new Map<string, number>();
  for (const [index, node] of graph.nodes.entries())
    for (const name of node.inputs) if (!constants.has(name) && name !== '') lastUse.set(name, index);
  for (const { name } of graph.outputs) lastUse.set(name, graph.nodes.length);
  const waiting = new Set(graph.inputs.map(({ name }) => name));
  const found: string[] = [];
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op === 'Constant') continue;
    for (const name of node.outputs) if (lastUse.has(name)) waiting.add(name);
    for (const name of waiting) if ((lastUse.get(name) ?? -1) <= index) waiting.delete(name);
    const [only] = waiting;
    if (waiting.size === 1 && only !== undefined && node.outputs.includes(only)) found.push(only);
  }
  return found;
}
