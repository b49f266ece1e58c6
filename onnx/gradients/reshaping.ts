/** Gradient rules of operators that move, repeat or sum elements. */
import type { Value } from '../builder.ts';
import { intAttribute, intsAttribute } from '../model.ts';
import { axisIn, reducedAxes } from '../shapes.ts';
import { integersOf, sizeOf } from '../tensor.ts';
import { indicator, reshaped, unbroadcast, type Backward, type GradientRule } from './rule.ts';

const sameElements: GradientRule = ({ graph, gradient, input }) => [reshaped(graph, gradient, input(0).dims)];

const transpose: GradientRule = ({ graph, gradient, node, input }) => {
  const rank = input(0).dims.length;
  const order =
    intsAttribute(node.attributes, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const back = order.map((_, axis) => order.indexOf(axis));
  return [graph.op('Transpose', [gradient], { perm: back })];
};

/** The axes a reduction went over, and the input's shape with those of size 1. */
function reduction(b: Backward): { readonly axes: readonly number[]; readonly kept: readonly number[] } {
  const axes = reducedAxes({ ...b.node, constantOf: b.graph.constantOf });
  return { axes, kept: b.input(0).dims.map((size, axis) => (axes.includes(axis) ? 1 : size)) };
}

function spread(b: Backward, gradient: Value): Value {
  const kept = reshaped(b.graph, gradient, reduction(b).kept);
  return b.graph.op('Expand', [kept, b.graph.ints(b.input(0).dims)]);
}

const reduceSum: GradientRule = (b) => [spread(b, b.gradient)];

const reduceMean: GradientRule = (b) => {
  const count = sizeOf(b.input(0).dims) / sizeOf(reduction(b).kept);
  return [spread(b, b.graph.op('Mul', [b.gradient, b.graph.float(1 / count)]))];
};

/** The gradient is shared among the elements that equal the maximum. */
const reduceMax: GradientRule = (b) => {
  const { graph } = b;
  const { axes, kept } = reduction(b);
  const won = indicator(graph, graph.op('Equal', [b.input(0), reshaped(graph, b.output, kept)]));
  const winners = graph.op('ReduceSum', [won, graph.ints(axes)]);
  const share = graph.op('Div', [reshaped(graph, b.gradient, kept), winners]);
  return [graph.op('Mul', [won, share])];
};

const concat: GradientRule = (b) => {
  const { graph, gradient, node, output } = b;
  const axis = axisIn(intAttribute(node.attributes, 'axis', 0), output.dims.length);
  let start = 0;
  return node.inputs.map((input, index) => {
    const from = start;
    start += input?.dims[axis] ?? 0;
    if (input === undefined || !b.wants(index)) return undefined;
    return graph.op('Slice', [gradient, graph.ints([from]), graph.ints([start]), graph.ints([axis])]);
  });
};

/** Puts zeros where the slice had left elements out. */
const slice: GradientRule = (b) => {
  const { graph, gradient } = b;
  const x = b.input(0);
  const read = (index: number): readonly number[] | undefined => {
    const operand = b.node.inputs[index];
    const constant = operand === undefined ? undefined : graph.constantOf(operand);
    return constant === undefined ? undefined : integersOf(constant);
  };
  const starts = read(1) ?? [];
  const axes = (read(3) ?? starts.map((_, axis) => axis)).map((axis) => axisIn(axis, x.dims.length));
  let whole = gradient;
  for (const [index, axis] of axes.entries()) {
    const size = x.dims[axis] ?? 0;
    const start = starts[index] ?? 0;
    const before = Math.min(size, Math.max(0, start < 0 ? start + size : start));
    whole = padded(b, whole, axis, before, size - before - (gradient.dims[axis] ?? 0));
  }
  return [whole];
};

function padded({ graph }: Backward, value: Value, axis: number, before: number, after: number): Value {
  const zeros = (size: number): Value[] =>
    size <= 0 ? [] : [graph.op('Expand', [graph.float(0), graph.ints(value.dims.with(axis, size))])];
  const parts = [...zeros(before), value, ...zeros(after)];
  return parts.length === 1 ? value : graph.op('Concat', parts, { axis });
}

const expand: GradientRule = ({ graph, gradient, input }) => [unbroadcast(graph, gradient, input(0).dims)];

export const reshapingRules: Readonly<Record<string, GradientRule>> = {
  Concat: concat,
  Expand: expand,
  Flatten: sameElements,
  ReduceMax: reduceMax,
  ReduceMean: reduceMean,
  ReduceSum: reduceSum,
  Reshape: sameElements,
  Slice: slice,
  Squeeze: sameElements,
  Transpose: transpose,
  Unsqueeze: sameElements,
};
