import type { BuiltNode, GraphBuilder, Value } from '../builder.ts';

/** What a gradient rule works with: the node, the gradient of what it gives, and the graph to add operations to. */
export interface Backward {
  readonly graph: GraphBuilder;
  readonly node: BuiltNode;
  /** Gradient of the loss by the node's first output, in that output's shape. */
  readonly gradient: Value;
  /** The node's first output. */
  readonly output: Value;
  /** Whether the gradient by this input is asked for: what nobody needs is not computed. */
  readonly wants: (input: number) => boolean;
  /** The input at a place. Throws UserError FER7002 where it is left out. */
  readonly input: (index: number) => Value;
}

/** Gives the gradient of the loss by each input of a node; undefined where none is wanted or none exists. */
export type GradientRule = (backward: Backward) => readonly (Value | undefined)[];

/** Sums a gradient over the axes that broadcasting had repeated, so that it gets the operand's shape. */
export function unbroadcast(graph: GraphBuilder, gradient: Value, dims: readonly number[]): Value {
  const extra = gradient.dims.length - dims.length;
  const repeated = gradient.dims.flatMap((size, axis) =>
    axis < extra || (dims[axis - extra] === 1 && size !== 1) ? [axis] : [],
  );
  const summed =
    repeated.length === 0
      ? gradient
      : graph.op('ReduceSum', [gradient, graph.ints(repeated)], { keepdims: 1 });
  return reshaped(graph, summed, dims);
}

/** Gives a value another shape, or the value itself where it has it. */
export function reshaped(graph: GraphBuilder, value: Value, dims: readonly number[]): Value {
  const same = value.dims.length === dims.length && value.dims.every((size, axis) => size === dims[axis]);
  return same ? value : graph.op('Reshape', [value, graph.ints(dims)]);
}

/** Turns a truth value into 1 and 0. */
export function indicator(graph: GraphBuilder, truth: Value): Value {
  return graph.op('Cast', [truth], { to: 1 });
}
