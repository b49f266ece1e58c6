/** Gradient rules of matrix products and of what is a linear map of rows. */
import type { Value } from '../builder.ts';
import { floatAttribute, intAttribute } from '../model.ts';
import { axisIn } from '../shapes.ts';
import { sizeOf } from '../tensor.ts';
import { reshaped, unbroadcast, type Backward, type GradientRule } from './rule.ts';

/** Swaps the last two axes. */
function flipped({ graph }: Backward, value: Value): Value {
  const rank = value.dims.length;
  const order = value.dims.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return graph.op('Transpose', [value], { perm: order });
}

/** dA = dY Bt and dB = At dY. Rows that share one matrix are first made one long list of rows. */
const matMul: GradientRule = (b) => {
  const { graph, gradient } = b;
  const left = b.input(0);
  const right = b.input(1);
  const shared = right.dims.length === 2;
  const rightGradient = (): Value => {
    if (!shared || left.dims.length === 2)
      return unbroadcast(graph, graph.op('MatMul', [flipped(b, left), gradient]), right.dims);
    const rows = sizeOf(left.dims.slice(0, -1));
    const longLeft = reshaped(graph, left, [rows, left.dims.at(-1) ?? 1]);
    const longGradient = reshaped(graph, gradient, [rows, gradient.dims.at(-1) ?? 1]);
    return graph.op('Gemm', [longLeft, longGradient], { transA: 1 });
  };
  const plain = shared && left.dims.length === 2;
  return [
    b.wants(0)
      ? plain
        ? graph.op('Gemm', [gradient, right], { transB: 1 })
        : unbroadcast(graph, graph.op('MatMul', [gradient, flipped(b, right)]), left.dims)
      : undefined,
    b.wants(1) ? (plain ? graph.op('Gemm', [left, gradient], { transA: 1 }) : rightGradient()) : undefined,
  ];
};

/** Y = alpha A' B' + beta C, where A' and B' may be transposed. */
const gemm: GradientRule = (b) => {
  const { graph, gradient, node } = b;
  const transA = intAttribute(node.attributes, 'transA', 0);
  const transB = intAttribute(node.attributes, 'transB', 0);
  const alpha = { float: floatAttribute(node.attributes, 'alpha', 1) };
  const beta = floatAttribute(node.attributes, 'beta', 1);
  const product = (x: Value, y: Value, flipX: number, flipY: number): Value =>
    graph.op('Gemm', [x, y], { alpha, transA: flipX, transB: flipY });
  const byA = (): Value =>
    transA === 1 ? product(b.input(1), gradient, transB, 1) : product(gradient, b.input(1), 0, 1 - transB);
  const byB = (): Value =>
    transB === 1 ? product(gradient, b.input(0), 1, transA) : product(b.input(0), gradient, 1 - transA, 0);
  const byC = (): Value =>
    unbroadcast(
      graph,
      beta === 1 ? gradient : graph.op('Mul', [gradient, graph.float(beta)]),
      b.input(2).dims,
    );
  return [
    b.wants(0) ? byA() : undefined,
    b.wants(1) ? byB() : undefined,
    node.inputs[2] !== undefined && b.wants(2) ? byC() : undefined,
  ];
};

/** dX = y * (dY - sum(dY * y)) along the axis. */
const softmax: GradientRule = (b) => {
  const { graph, gradient, output } = b;
  const axis = axisIn(intAttribute(b.node.attributes, 'axis', -1), output.dims.length);
  const along = graph.op('ReduceSum', [graph.op('Mul', [gradient, output]), graph.ints([axis])]);
  return [graph.op('Mul', [output, graph.op('Sub', [gradient, along])])];
};

/** dX = dY - softmax * sum(dY) along the axis. */
const logSoftmax: GradientRule = (b) => {
  const { graph, gradient, output } = b;
  const axis = axisIn(intAttribute(b.node.attributes, 'axis', -1), output.dims.length);
  const along = graph.op('ReduceSum', [gradient, graph.ints([axis])]);
  return [graph.op('Sub', [gradient, graph.op('Mul', [graph.op('Exp', [output]), along])])];
};

/**
 * Batch normalisation with its recorded statistics, as in inference: y = (x - mean) * scale / sqrt(variance + e) + bias.
 * The statistics stay as they are: for the small batches of fine-tuning that is the steadier choice.
 */
const batchNormalization: GradientRule = (b) => {
  const { graph, gradient, node } = b;
  const x = b.input(0);
  const perChannel = [1, x.dims[1] ?? 1, ...x.dims.slice(2).map(() => 1)];
  const epsilon = graph.float(floatAttribute(node.attributes, 'epsilon', 1e-5));
  const channel = (index: number): Value => reshaped(graph, b.input(index), perChannel);
  const deviation = graph.op('Sqrt', [graph.op('Add', [channel(4), epsilon])]);
  const normal = (): Value => graph.op('Div', [graph.op('Sub', [x, channel(3)]), deviation]);
  return [
    b.wants(0) ? graph.op('Mul', [gradient, graph.op('Div', [channel(1), deviation])]) : undefined,
    b.wants(1)
      ? reshaped(
          graph,
          unbroadcast(graph, graph.op('Mul', [gradient, normal()]), perChannel),
          b.input(1).dims,
        )
      : undefined,
    b.wants(2) ? reshaped(graph, unbroadcast(graph, gradient, perChannel), b.input(2).dims) : undefined,
  ];
};

export const linearRules: Readonly<Record<string, GradientRule>> = {
  BatchNormalization: batchNormalization,
  Gemm: gemm,
  LogSoftmax: logSoftmax,
  MatMul: matMul,
  Softmax: softmax,
};
