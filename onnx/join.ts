import { UserError } from '../errors/index.ts';
import type { ConstantTensor } from './tensor.ts';
import type { Model, Node, ValueInfo } from './model.ts';

/**
 * Joins models into one, each taking the first output of the one before as its first input. Names of all but the
 * outermost inputs and outputs get a prefix, so that they cannot collide. The operator set is the newest of them.
 * @param parts in the order they run, each with the prefix of its names
 * @throws UserError FER7006 where a part cannot be joined
 */
export function joinModels(
  name: string,
  parts: readonly { readonly prefix: string; readonly model: Model }[],
): Model {
  const constants: ConstantTensor[] = [];
  const nodes: Node[] = [];
  const opsets: Record<string, number> = {};
  let inputs: readonly ValueInfo[] = [];
  let outputs: readonly ValueInfo[] = [];
  let irVersion = 0;
  for (const [index, { prefix, model }] of parts.entries()) {
    const { graph } = model;
    const from = outputs[0];
    const entry = graph.inputs[0];
    if (entry === undefined || graph.inputs.length > 1 || (index > 0 && from === undefined))
      throw new UserError('FER7006', {
        problem: `the graph "${graph.name}" has ${graph.inputs.length} inputs, and one is needed to join it`,
      });
    const rename = (old: string): string => {
      if (old === '') return '';
      if (old === entry.name) return index === 0 ? old : (from?.name ?? old);
      if (index === parts.length - 1 && graph.outputs.some((output) => output.name === old)) return old;
      return `${prefix}${old}`;
    };
    if (index === 0) inputs = graph.inputs;
    constants.push(...graph.constants.map((constant) => ({ ...constant, name: rename(constant.name) })));
    nodes.push(...graph.nodes.map((node) => renamed(node, rename)));
    outputs = graph.outputs.map((output) => ({ ...output, name: rename(output.name) }));
    irVersion = Math.max(irVersion, model.irVersion);
    for (const [domain, version] of Object.entries(model.opsets))
      opsets[domain] = Math.max(opsets[domain] ?? 0, version);
  }
  for (const { model } of parts) checkOpset(model, opsets['']);
  return Object.freeze({
    graph: Object.freeze({ name, inputs, outputs, constants, nodes }),
    irVersion,
    opsets,
    metadata: {},
  });
}

function renamed(node: Node, rename: (name: string) => string): Node {
  if (Object.values(node.attributes).some((attribute) => attribute.kind === 'opaque' && attribute.hasGraph))
    throw new UserError('FER7006', {
      problem: `a graph with ${node.op} cannot be joined here: it holds graphs of its own`,
      fix: 'export the model without control flow',
    });
  return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
}

/** Operators that read otherwise since opset 13: a graph from before cannot be taken as a newer one. */
const changedIn13 = ['Softmax', 'LogSoftmax', 'Hardmax', 'Squeeze', 'Unsqueeze', 'ReduceSum', 'Split'];
/** Operators that read otherwise since opset 18. */
const changedIn18 = [
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceL2',
  'Resize',
  'Split',
  'Pad',
];

function checkOpset(model: Model, joined = 0): void {
  const own = model.opsets[''] ?? joined;
  const changed = [...(own < 13 ? changedIn13 : []), ...(own < 18 && joined >= 18 ? changedIn18 : [])];
  const node = model.graph.nodes.find(({ op, domain }) => domain === '' && changed.includes(op));
  if (own >= 11 && node === undefined) return;
  throw new UserError('FER7006', {
    problem: `the graph "${model.graph.name}" is of opset ${own}${
      node === undefined ? '' : ` and uses ${node.op}`
    }, which cannot be joined with opset ${joined}`,
    fix: 'export it with opset 17, or convert it: onnx.version_converter.convert_version(model, 17)',
  });
}
