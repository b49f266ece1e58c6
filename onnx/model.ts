/** An ONNX model as frozen data: what is read, built, cut, joined and written. */
import type { ConstantTensor } from './tensor.ts';

/** A size that is known, or the name of one that is not. */
export type Dim = number | string;

/** An input or output of a graph. */
export interface ValueInfo {
  readonly name: string;
  /** The number ONNX gives the element type. */
  readonly elementType: number;
  /** Undefined where not even the number of axes is known. */
  readonly dims: readonly Dim[] | undefined;
}

/** A setting of a node. `opaque` keeps what no rule here reads, such as the branches of an If. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: ConstantTensor }
  | { readonly kind: 'opaque'; readonly bytes: Uint8Array; readonly hasGraph: boolean };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation. An input that is left out is an empty name. */
export interface Node {
  readonly op: string;
  /** The operator set it comes from; empty for ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** Nodes in the order they run, with constants, inputs and outputs. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly constants: readonly ConstantTensor[];
  readonly nodes: readonly Node[];
}

/** A graph with what it needs to be understood. */
export interface Model {
  readonly graph: Graph;
  readonly irVersion: number;
  /** Versions of the operator sets, by domain; ONNX's own is the empty domain. */
  readonly opsets: Readonly<Record<string, number>>;
  /** What `metadata_props` says. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The operator set that graphs built here are written in. */
const builtOpset = 17;
/** The version of the file format that goes with it. */
const builtIrVersion = 8;

/** Makes a model of a graph that was built here. */
export function modelOf(graph: Graph, metadata: Readonly<Record<string, string>> = {}): Model {
  return Object.freeze({ graph, irVersion: builtIrVersion, opsets: { '': builtOpset }, metadata });
}

/** Writes the batch size of inputs and outputs, their first axis, as one that may be any. */
export function withAnyBatch(model: Model): Model {
  const anyBatch = (info: ValueInfo): ValueInfo => ({ ...info, dims: info.dims?.with(0, 'N') });
  const { graph } = model;
  return Object.freeze({
    ...model,
    graph: Object.freeze({
      ...graph,
      inputs: graph.inputs.map(anyBatch),
      outputs: graph.outputs.map(anyBatch),
    }),
  });
}

/** Sets entries of a model's metadata; the others stay. */
export function withMetadata(model: Model, metadata: Readonly<Record<string, string>>): Model {
  return Object.freeze({ ...model, metadata: { ...model.metadata, ...metadata } });
}

/** Reads an integer attribute. */
export function intAttribute(attributes: Attributes, name: string, fallback: number): number {
  const found = attributes[name];
  return found?.kind === 'int' ? found.value : fallback;
}

/** Reads a float attribute. */
export function floatAttribute(attributes: Attributes, name: string, fallback: number): number {
  const found = attributes[name];
  return found?.kind === 'float' ? found.value : fallback;
}

/** Reads a list of integers, or undefined where it is not set. */
export function intsAttribute(attributes: Attributes, name: string): readonly number[] | undefined {
  const found = attributes[name];
  return found?.kind === 'ints' ? found.value : undefined;
}

/** Reads a text attribute. */
export function stringAttribute(attributes: Attributes, name: string, fallback: string): string {
  const found = attributes[name];
  return found?.kind === 'string' ? found.value : fallback;
}
