import { messages, type OnnxTypes } from './proto.ts';
import type { Attribute, Model, Node, ValueInfo } from './model.ts';
import type { ConstantTensor } from './tensor.ts';

/** Writes a model as the bytes of an ONNX file. The same model gives the same bytes: metadata is sorted by key. */
export function writeModel(model: Model): Uint8Array {
  const { graph } = model;
  const proto: OnnxTypes.IModelProto = {
    irVersion: model.irVersion,
    producerName: 'ferrule',
    opsetImport: entriesOf(model.opsets).map(([domain, version]) => ({ domain, version })),
    metadataProps: entriesOf(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name === '' ? 'graph' : graph.name,
      input: graph.inputs.map(valueInfoProto),
      output: graph.outputs.map(valueInfoProto),
      initializer: graph.constants.map(tensorProto),
      node: graph.nodes.map(nodeProto),
    },
  };
  return messages.ModelProto.encode(proto).finish();
}

/** Lists entries by code unit of their keys. */
function entriesOf<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function valueInfoProto(info: ValueInfo): OnnxTypes.IValueInfoProto {
  const dim = info.dims?.map((size) =>
    typeof size === 'number' ? { dimValue: size } : size === '?' ? {} : { dimParam: size },
  );
  const shape = dim === undefined ? {} : { shape: { dim } };
  return { name: info.name, type: { tensorType: { elemType: info.elementType, ...shape } } };
}

function tensorProto(tensor: ConstantTensor): OnnxTypes.ITensorProto {
  return {
    name: tensor.name,
    dataType: tensor.elementType,
    dims: [...tensor.dims],
    rawData: tensor.bytes,
  };
}

function nodeProto(node: Node, index: number): OnnxTypes.INodeProto {
  return {
    name: `${node.op}_${index}`,
    opType: node.op,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeProto(name, attribute)),
  };
}

function attributeProto(name: string, attribute: Attribute): OnnxTypes.IAttributeProto {
  const types = messages.AttributeProto.AttributeType;
  switch (attribute.kind) {
    case 'int':
      return { name, type: types.INT, i: attribute.value };
    case 'float':
      return { name, type: types.FLOAT, f: attribute.value };
    case 'string':
      return { name, type: types.STRING, s: new TextEncoder().encode(attribute.value) };
    case 'ints':
      return { name, type: types.INTS, ints: [...attribute.value] };
    case 'floats':
      return { name, type: types.FLOATS, floats: [...attribute.value] };
    case 'tensor':
      return { name, type: types.TENSOR, t: tensorProto(attribute.value) };
    case 'opaque':
      return messages.AttributeProto.decode(attribute.bytes);
  }
}
