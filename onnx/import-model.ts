import { UserError } from '../errors/index.ts';
import type { GraphBuilder, Value } from './builder.ts';
import { intsAttribute, type Attributes, type Model, type Node } from './model.ts';
import { elementTypes, integersOf, type ConstantTensor } from './tensor.ts';

export interface ImportOptions {
  /** Values that stand for the model's inputs, by their names. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** Put before all names, so that they cannot collide with others. @default 'imported/' */
  readonly prefix?: string;
  /** Gives a value in place of a constant, such as an input that is trained; undefined keeps the constant. */
  readonly replace?: (constant: ConstantTensor) => Value | undefined;
}

/**
 * Adds the operations of a model that was read from a file to a graph under construction, in the forms of opset 17.
 * @returns the values of the model's outputs, by name
 * @throws UserError FER7001 for operators that are not supported, FER7002 for shapes that do not fit
 */
export function importModel(
  graph: GraphBuilder,
  model: Model,
  options: ImportOptions,
): Record<string, Value> {
  const { prefix = 'imported/' } = options;
  const values = new Map<string, Value>(Object.entries(options.inputs));
  const constants = new Map(model.graph.constants.map((constant) => [constant.name, constant]));
  const valueOf = (name: string): Value | undefined => {
    if (name === '') return undefined;
    const known = values.get(name);
    if (known !== undefined) return known;
    const constant = constants.get(name);
    if (constant === undefined)
      throw new UserError('FER7005', {
        problem: `the graph uses "${name}" before anything makes it`,
        fix: 'give a value for each of its inputs',
      });
    const value = options.replace?.(constant) ?? graph.constant({ ...constant, name: `${prefix}${name}` });
    values.set(name, value);
    return value;
  };
  for (const node of model.graph.nodes) {
    if (node.op === 'Constant') {
      const constant = constantOf(node);
      constants.set(constant.name, constant);
      continue;
    }
    if (node.domain !== '')
      throw new UserError('FER7001', {
        problem: `the operator ${node.domain}.${node.op} is not supported here`,
      });
    const { inputs, attributes } = asOpset17(graph, node, node.inputs.map(valueOf));
    // Dropout's mask and the like: outputs that nobody names.
    const outputs = node.outputs.filter((name, index) => index === 0 || name !== '');
    const made = graph.node(
      node.op,
      inputs,
      attributes,
      outputs.map((name) => `${prefix}${name}`),
    );
    for (const [index, value] of made.entries()) values.set(outputs[index] ?? '', value);
  }
  const results: Record<string, Value> = {};
  for (const { name } of model.graph.outputs) {
    const value = valueOf(name);
    if (value !== undefined) results[name] = value;
  }
  return results;
}

function constantOf(node: Node): ConstantTensor {
  const name = node.outputs[0] ?? '';
  const { value, value_float: float } = node.attributes;
  if (value?.kind === 'tensor') return { ...value.value, name };
  if (float?.kind === 'float')
    return {
      name,
      elementType: elementTypes.float32,
      dims: [],
      bytes: new Uint8Array(Float32Array.of(float.value).buffer),
    };
  throw new UserError('FER7001', { problem: `the constant "${name}" is in a form that is not read` });
}

interface Operation {
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}

/** Moves the axes of reductions to where opset 17 has them: ReduceSum takes an input, the others an attribute. */
function asOpset17(graph: GraphBuilder, node: Node, inputs: readonly (Value | undefined)[]): Operation {
  const { attributes } = node;
  const axes = intsAttribute(attributes, 'axes');
  const asInput = ['ReduceSum', 'Squeeze', 'Unsqueeze'];
  if (asInput.includes(node.op) && axes !== undefined) {
    const { axes: _, ...rest } = attributes;
    return { inputs: [inputs[0], graph.ints(axes)], attributes: rest };
  }
  const [data, axesInput] = inputs;
  if (['ReduceMean', 'ReduceMax'].includes(node.op) && axesInput !== undefined) {
    const constant = graph.constantOf(axesInput);
    if (constant === undefined)
      throw new UserError('FER7001', { problem: `${node.op} over computed axes is not supported here` });
    const value = integersOf(constant);
    return { inputs: [data], attributes: { ...attributes, axes: { kind: 'ints', value } } };
  }
  return { inputs, attributes };
}
