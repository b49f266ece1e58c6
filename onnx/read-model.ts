import { messages, type OnnxTypes } from './proto.ts';
import { UserError } from '../errors/index.ts';
import type { Attribute, Dim, Graph, Model, Node, ValueInfo } from './model.ts';
import { elementTypes, type ConstantTensor } from './tensor.ts';

type WholeNumber = OnnxTypes.IModelProto['irVersion'];

/**
 * Reads a model from the bytes of an ONNX file.
 * @param bytes the file
 * @param from what to call it in an error
 * @throws UserError FER7004 where the bytes are no ONNX model, or keep their weights in other files
 */
export function readModel(bytes: Uint8Array, from = 'the model'): Model {
  const proto = decode(bytes, from);
  const { graph } = proto;
  if (graph === null || graph === undefined || (graph.node ?? []).length === 0)
    throw new UserError('FER7004', {
      problem: `${from} is not an ONNX model: it holds no graph`,
      fix: 'give a file that was exported to ONNX',
    });
  const opsets: Record<string, number> = {};
  for (const { domain, version } of proto.opsetImport ?? [])
    opsets[domain === 'ai.onnx' ? '' : (domain ?? '')] = whole(version);
  const metadata: Record<string, string> = {};
  for (const { key, value } of proto.metadataProps ?? []) metadata[key ?? ''] = value ?? '';
  return Object.freeze({
    graph: readGraph(graph, from),
    irVersion: whole(proto.irVersion),
    opsets,
    metadata,
  });
}

function decode(bytes: Uint8Array, from: string): OnnxTypes.IModelProto {
  try {
    // A plain view: of a Node buffer the reader makes empty pieces in a way that Node warns of.
    return messages.ModelProto.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new UserError('FER7004', {
      problem: `${from} is not an ONNX model: its bytes do not parse`,
      fix: 'give a file that was exported to ONNX; a download may be cut short',
      cause,
    });
  }
}

function readGraph(graph: OnnxTypes.IGraphProto, from: string): Graph {
  const constants = (graph.initializer ?? []).map((tensor) => readTensor(tensor, from));
  const constantNames = new Set(constants.map((constant) => constant.name));
  return Object.freeze({
    name: graph.name ?? '',
    // Old files list constants among the inputs as well.
    inputs: (graph.input ?? []).map(readValueInfo).filter(({ name }) => !constantNames.has(name)),
    outputs: (graph.output ?? []).map(readValueInfo),
    constants,
    nodes: (graph.node ?? []).map((node) => readNode(node, from)),
  });
}

function readValueInfo(info: OnnxTypes.IValueInfoProto): ValueInfo {
  const tensor = info.type?.tensorType;
  const dims = tensor?.shape?.dim?.map((dim): Dim =>
    dim.dimParam !== undefined && dim.dimParam !== null && dim.dimParam !== ''
      ? dim.dimParam
      : whole(dim.dimValue) || '?',
  );
  return Object.freeze({ name: info.name ?? '', elementType: tensor?.elemType ?? 0, dims });
}

function readNode(node: OnnxTypes.INodeProto, from: string): Node {
  const attributes: Record<string, Attribute> = {};
  for (const attribute of node.attribute ?? [])
    attributes[attribute.name ?? ''] = readAttribute(attribute, from);
  return Object.freeze({
    op: node.opType ?? '',
    domain: node.domain === 'ai.onnx' ? '' : (node.domain ?? ''),
    inputs: node.input ?? [],
    outputs: node.output ?? [],
    attributes,
  });
}

function readAttribute(attribute: OnnxTypes.IAttributeProto, from: string): Attribute {
  const types = messages.AttributeProto.AttributeType;
  switch (attribute.type) {
    case types.INT:
      return { kind: 'int', value: whole(attribute.i) };
    case types.FLOAT:
      return { kind: 'float', value: attribute.f ?? 0 };
    case types.STRING:
      return { kind: 'string', value: new TextDecoder().decode(attribute.s ?? new Uint8Array()) };
    case types.INTS:
      return { kind: 'ints', value: (attribute.ints ?? []).map((value) => whole(value)) };
    case types.FLOATS:
      return { kind: 'floats', value: attribute.floats ?? [] };
    case types.TENSOR:
      return { kind: 'tensor', value: readTensor(attribute.t ?? {}, from) };
    default:
      return {
        kind: 'opaque',
        bytes: messages.AttributeProto.encode(attribute).finish(),
        hasGraph: attribute.type === types.GRAPH || attribute.type === types.GRAPHS,
      };
  }
}

function readTensor(tensor: OnnxTypes.ITensorProto, from: string): ConstantTensor {
  const name = tensor.name ?? '';
  if (tensor.dataLocation === messages.TensorProto.DataLocation.EXTERNAL)
    throw new UserError('FER7004', {
      problem: `${from} keeps the weights "${name}" in another file`,
      fix: 'save it as one file: onnx.save(model, path, save_as_external_data=False)',
    });
  return Object.freeze({
    name,
    elementType: tensor.dataType ?? 0,
    dims: (tensor.dims ?? []).map((dim) => whole(dim)),
    bytes: tensorBytes(tensor, from),
  });
}

/** Brings the typed lists that a tensor may use instead of raw bytes into raw bytes. */
function tensorBytes(tensor: OnnxTypes.ITensorProto, from: string): Uint8Array {
  const { rawData, floatData, int32Data, int64Data, dataType } = tensor;
  if (rawData !== null && rawData !== undefined && rawData.length > 0) return new Uint8Array(rawData);
  if (floatData !== null && floatData !== undefined && floatData.length > 0)
    return new Uint8Array(Float32Array.from(floatData).buffer);
  if (int64Data !== null && int64Data !== undefined && int64Data.length > 0)
    return new Uint8Array(BigInt64Array.from(int64Data, (value) => BigInt(value.toString())).buffer);
  if (int32Data !== null && int32Data !== undefined && int32Data.length > 0) {
    if (dataType === elementTypes.int32) return new Uint8Array(Int32Array.from(int32Data).buffer);
    if (dataType === elementTypes.uint8 || dataType === elementTypes.bool) return Uint8Array.from(int32Data);
  }
  if ((tensor.dims ?? []).some((dim) => whole(dim) === 0)) return new Uint8Array();
  throw new UserError('FER7001', {
    problem: `${from} holds the constant "${tensor.name ?? ''}" in a form that is not read (element type ${dataType ?? 0})`,
    fix: 'export its weights as float32 raw data',
  });
}

/** Reads an integer of a protobuf message: a number, or a Long where the `long` package is loaded. */
function whole(value: WholeNumber): number {
  return Number(value ?? 0);
}
