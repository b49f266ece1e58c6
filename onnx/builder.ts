import { UserError } from '../errors/index.ts';
import type { Attribute, Attributes, Graph, Node, ValueInfo } from './model.ts';
import { shapeRules } from './shape-rules.ts';
import type { Shaped } from './shapes.ts';
import { elementTypes, floatTensor, intTensor, type ConstantTensor, type ElementType } from './tensor.ts';

/** A tensor inside a graph under construction. Sizes are known: a training step has a fixed batch. */
export interface Value extends Shaped {
  readonly name: string;
}

/** Settings of an operation as plain values: integers become int or ints, `{ float: 1 }` a float, texts a string. */
export type AttributeValues = Readonly<
  Record<string, number | string | readonly number[] | { readonly float: number }>
>;

/** A graph under construction. Operations get their shapes at once, so a misfit is reported where it is made. */
export interface GraphBuilder {
  /** Adds an input. */
  input(name: string, type: ElementType, dims: readonly number[]): Value;
  /** Adds a constant; constants of equal content that were not named are one. */
  constant(tensor: ConstantTensor): Value;
  /** Adds a float32 constant, a scalar unless `dims` says otherwise. */
  float(value: number | readonly number[], dims?: readonly number[]): Value;
  /** Adds a list of int64 values. */
  ints(values: readonly number[]): Value;
  /** Adds an operation of opset 17 with one output. */
  op(op: string, inputs: readonly (Value | undefined)[], attributes?: AttributeValues): Value;
  /** Adds an operation with its attributes as they are in a file, under output names of one's own. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputs: readonly string[],
  ): Value[];
  /** Makes a value an output under a name. */
  output(name: string, value: Value): void;
  /** Finds the constant behind a value, where it is one. */
  readonly constantOf: (value: Pick<Value, 'name'>) => ConstantTensor | undefined;
  /** Finds the node that makes a value, where one does. */
  producerOf(value: Value): BuiltNode | undefined;
  /** All nodes so far, in the order they were added. */
  nodes(): readonly BuiltNode[];
  /** The finished graph. */
  graph(): Graph;
}

/** A node with the values it takes and gives. */
export interface BuiltNode {
  readonly op: string;
  readonly attributes: Attributes;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
}

/** Starts an empty graph. Names are counted, so that the same calls give the same graph. */
export function graphBuilder(name: string): GraphBuilder {
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const constants = new Map<string, ConstantTensor>();
  const shared = new Map<string, Value>();
  const taken = new Set<string>();
  const built: BuiltNode[] = [];
  const producers = new Map<string, BuiltNode>();
  const renamed = new Map<string, string>();
  let counter = 0;

  const claim = (wanted: string): string => {
    if (taken.has(wanted))
      throw new UserError('FER7005', {
        problem: `the name "${wanted}" is used twice in the graph "${name}"`,
      });
    taken.add(wanted);
    return wanted;
  };
  const fresh = (stem: string): string => {
    let candidate: string;
    do candidate = `${stem}:${counter++}`;
    while (taken.has(candidate));
    return candidate;
  };
  const sharedConstant = (key: string, make: (name: string) => ConstantTensor): Value => {
    const known = shared.get(key);
    if (known !== undefined) return known;
    const value = self.constant(make(fresh('c')));
    shared.set(key, value);
    return value;
  };

  const self: GraphBuilder = {
    input(inputName, type, dims) {
      inputs.push({ name: claim(inputName), elementType: elementTypes[type], dims: [...dims] });
      return Object.freeze({ name: inputName, elementType: elementTypes[type], dims: [...dims] });
    },
    constant(tensor) {
      constants.set(claim(tensor.name), tensor);
      return Object.freeze({ name: tensor.name, elementType: tensor.elementType, dims: tensor.dims });
    },
    float(value, dims) {
      const values = typeof value === 'number' ? [value] : value;
      const shape = dims ?? (typeof value === 'number' ? [] : [values.length]);
      return sharedConstant(`f${shape.join('x')}:${values.join(',')}`, (n) => floatTensor(n, shape, values));
    },
    ints(values) {
      return sharedConstant(`i:${values.join(',')}`, (n) => intTensor(n, [values.length], values));
    },
    op(op, operands, attributes = {}) {
      const [value] = self.node(op, operands, attributesOf(attributes), [fresh(op.toLowerCase())]);
      if (value === undefined) throw new UserError('FER7002', { problem: `${op} gives no output` });
      return value;
    },
    node(op, operands, attributes, outputNames) {
      const rule = shapeRules[op];
      if (rule === undefined)
        throw new UserError('FER7001', { problem: `the operator ${op} is not supported here` });
      const shapes = rule({ op, inputs: operands, attributes, constantOf: self.constantOf });
      const values = outputNames.map((outputName, index): Value => {
        const shape = shapes[index];
        if (shape === undefined)
          throw new UserError('FER7001', { problem: `output ${index} of ${op} is not supported here` });
        return Object.freeze({ name: claim(outputName), ...shape });
      });
      const node: BuiltNode = Object.freeze({ op, attributes, inputs: [...operands], outputs: values });
      built.push(node);
      for (const value of values) producers.set(value.name, node);
      return values;
    },
    output(outputName, value) {
      outputs.push({ name: outputName, elementType: value.elementType, dims: value.dims });
      if (producers.has(value.name) && !renamed.has(value.name)) renamed.set(value.name, claim(outputName));
      // What goes in, or is an output already, needs an operation to come out under another name.
      else self.node('Identity', [value], {}, [outputName]);
    },
    constantOf: (value) => constants.get(value.name),
    producerOf: (value) => producers.get(value.name),
    nodes: () => built,
    graph: () =>
      Object.freeze({
        name,
        inputs,
        outputs,
        constants: [...constants.values()],
        nodes: built.map((node) => nodeOf(node, renamed)),
      }),
  };
  return self;
}

/** Writes a node down, with outputs of the graph under the names they got. */
function nodeOf(node: BuiltNode, renamed: ReadonlyMap<string, string>): Node {
  const nameOf = (value: Value): string => renamed.get(value.name) ?? value.name;
  return {
    op: node.op,
    domain: '',
    inputs: node.inputs.map((input) => (input === undefined ? '' : nameOf(input))),
    outputs: node.outputs.map(nameOf),
    attributes: node.attributes,
  };
}

function attributesOf(values: AttributeValues): Attributes {
  const attributes: Record<string, Attribute> = {};
  for (const [key, value] of Object.entries(values)) attributes[key] = attributeOf(value);
  return attributes;
}

function attributeOf(value: AttributeValues[string]): Attribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  return { kind: 'ints', value };
}
