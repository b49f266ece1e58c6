/** What each operator of opset 17 gives, from the shapes it takes. Only the operators that graphs here may hold. */
import { UserError } from '../errors/index.ts';
import { intAttribute, intsAttribute } from './model.ts';
import {
  axisIn,
  broadcast,
  constantInts,
  first,
  misfit,
  nth,
  reducedAxes,
  shape,
  type Operands,
  type Shaped,
} from './shapes.ts';
import { elementTypes, sizeOf } from './tensor.ts';
import { windowOf } from './window.ts';

type ShapeRule = (operands: Operands) => readonly Shaped[];

const sameAsFirst: ShapeRule = (operands) => [shape(first(operands), first(operands).dims)];

const broadcastAll: ShapeRule = (operands) => {
  const present = operands.inputs.filter((input) => input !== undefined);
  const dims = present.map((input) => input.dims).reduce((a, b) => broadcast(operands.op, a, b));
  return [shape(first(operands), dims)];
};

const comparison: ShapeRule = (operands) =>
  broadcastAll(operands).map(({ dims }) => ({ elementType: elementTypes.bool, dims }));

const matMul: ShapeRule = (operands) => {
  const a = first(operands);
  const b = nth(operands, 1);
  const [rows, inner] = a.dims.slice(-2);
  const [innerToo, columns] = b.dims.slice(-2);
  if (rows === undefined || columns === undefined || inner === undefined || inner !== innerToo)
    throw misfit(operands);
  const batch = broadcast(operands.op, a.dims.slice(0, -2), b.dims.slice(0, -2));
  return [shape(a, [...batch, rows, columns])];
};

const gemm: ShapeRule = (operands) => {
  const { attributes } = operands;
  const a = first(operands);
  const [m, k] = intAttribute(attributes, 'transA', 0) === 1 ? a.dims.toReversed() : a.dims;
  const b = nth(operands, 1);
  const [kToo, n] = intAttribute(attributes, 'transB', 0) === 1 ? b.dims.toReversed() : b.dims;
  if (m === undefined || n === undefined || k === undefined || k !== kToo) throw misfit(operands);
  return [shape(a, [m, n])];
};

const conv: ShapeRule = (operands) => {
  const x = first(operands);
  const w = nth(operands, 1);
  const [batch, channels] = x.dims;
  const [outChannels, perGroup] = w.dims;
  const group = intAttribute(operands.attributes, 'group', 1);
  if (batch === undefined || outChannels === undefined || channels !== (perGroup ?? 0) * group)
    throw misfit(operands);
  const window = windowOf(operands.op, operands.attributes, x.dims.slice(2), w.dims.slice(2));
  return [shape(x, [batch, outChannels, ...window.outputs])];
};

const convTranspose: ShapeRule = (operands) => {
  const { attributes } = operands;
  const x = first(operands);
  const w = nth(operands, 1);
  const kernel = w.dims.slice(2);
  const strides = intsAttribute(attributes, 'strides') ?? kernel.map(() => 1);
  const dilations = intsAttribute(attributes, 'dilations') ?? kernel.map(() => 1);
  const pads = intsAttribute(attributes, 'pads') ?? kernel.flatMap(() => [0, 0]);
  const extra = intsAttribute(attributes, 'output_padding') ?? kernel.map(() => 0);
  const spatial = kernel.map((size, axis) => {
    const reach = (size - 1) * (dilations[axis] ?? 1) + 1;
    const padding = (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    return ((x.dims[axis + 2] ?? 0) - 1) * (strides[axis] ?? 1) + reach - padding + (extra[axis] ?? 0);
  });
  const outChannels = (w.dims[1] ?? 0) * intAttribute(attributes, 'group', 1);
  return [shape(x, [x.dims[0] ?? 0, outChannels, ...spatial])];
};

const pool: ShapeRule = (operands) => {
  const x = first(operands);
  const kernel = intsAttribute(operands.attributes, 'kernel_shape') ?? [];
  if (kernel.length !== x.dims.length - 2) throw misfit(operands);
  const window = windowOf(operands.op, operands.attributes, x.dims.slice(2), kernel);
  const dims = [...x.dims.slice(0, 2), ...window.outputs];
  return [shape(x, dims), { elementType: elementTypes.int64, dims }];
};

const globalPool: ShapeRule = (operands) => {
  const x = first(operands);
  return [shape(x, [...x.dims.slice(0, 2), ...x.dims.slice(2).map(() => 1)])];
};

const reduce: ShapeRule = (operands) => {
  const x = first(operands);
  const axes = reducedAxes(operands);
  const keep = intAttribute(operands.attributes, 'keepdims', 1) === 1;
  const dims = x.dims.flatMap((dim, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [dim]));
  return [shape(x, dims)];
};

const reshape: ShapeRule = (operands) => {
  const x = first(operands);
  const wanted = constantInts(operands, 1).map((dim, axis) => (dim === 0 ? (x.dims[axis] ?? 0) : dim));
  const known = sizeOf(wanted.filter((dim) => dim !== -1));
  const dims = wanted.map((dim) => (dim === -1 ? sizeOf(x.dims) / known : dim));
  if (sizeOf(dims) !== sizeOf(x.dims)) throw misfit(operands);
  return [shape(x, dims)];
};

const flatten: ShapeRule = (operands) => {
  const x = first(operands);
  const axis = axisIn(intAttribute(operands.attributes, 'axis', 1), x.dims.length);
  return [shape(x, [sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis))])];
};

const transpose: ShapeRule = (operands) => {
  const x = first(operands);
  const order = intsAttribute(operands.attributes, 'perm') ?? x.dims.map((_, axis) => axis).toReversed();
  return [
    shape(
      x,
      order.map((axis) => x.dims[axis] ?? 0),
    ),
  ];
};

const squeeze: ShapeRule = (operands) => {
  const x = first(operands);
  const axes =
    operands.inputs[1] === undefined
      ? x.dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
      : constantInts(operands, 1).map((axis) => axisIn(axis, x.dims.length));
  return [
    shape(
      x,
      x.dims.filter((_, axis) => !axes.includes(axis)),
    ),
  ];
};

const unsqueeze: ShapeRule = (operands) => {
  const x = first(operands);
  const axes = constantInts(operands, 1);
  const rank = x.dims.length + axes.length;
  const placed = axes.map((axis) => axisIn(axis, rank));
  const rest = [...x.dims];
  return [
    shape(
      x,
      Array.from({ length: rank }, (_, axis) => (placed.includes(axis) ? 1 : (rest.shift() ?? 1))),
    ),
  ];
};

const concat: ShapeRule = (operands) => {
  const x = first(operands);
  const axis = axisIn(intAttribute(operands.attributes, 'axis', 0), x.dims.length);
  const along = operands.inputs.reduce((sum, input) => sum + (input?.dims[axis] ?? 0), 0);
  return [shape(x, x.dims.with(axis, along))];
};

const slice: ShapeRule = (operands) => {
  const x = first(operands);
  const starts = constantInts(operands, 1);
  const ends = constantInts(operands, 2);
  const axes = operands.inputs[3] === undefined ? starts.map((_, axis) => axis) : constantInts(operands, 3);
  if (operands.inputs[4] !== undefined && constantInts(operands, 4).some((step) => step !== 1))
    throw new UserError('FER7001', { problem: 'Slice with steps is not supported here' });
  const dims = [...x.dims];
  for (const [index, named] of axes.entries()) {
    const axis = axisIn(named, dims.length);
    const size = x.dims[axis] ?? 0;
    const bound = (at: number): number => Math.min(size, Math.max(0, at < 0 ? at + size : at));
    dims[axis] = Math.max(0, bound(ends[index] ?? size) - bound(starts[index] ?? 0));
  }
  return [shape(x, dims)];
};

const expand: ShapeRule = (operands) => {
  const x = first(operands);
  return [shape(x, broadcast(operands.op, x.dims, constantInts(operands, 1)))];
};

const cast: ShapeRule = (operands) => [
  { elementType: intAttribute(operands.attributes, 'to', elementTypes.float32), dims: first(operands).dims },
];

const where: ShapeRule = (operands) => {
  const dims = operands.inputs
    .map((input) => input?.dims ?? [])
    .reduce((a, b) => broadcast(operands.op, a, b));
  return [shape(nth(operands, 1), dims)];
};

const unaryOps = [
  'Abs',
  'BatchNormalization',
  'Clip',
  'Dropout',
  'Elu',
  'Erf',
  'Exp',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'LeakyRelu',
  'Log',
  'LogSoftmax',
  'Neg',
  'Not',
  'Reciprocal',
  'Relu',
  'ScatterElements',
  'Sigmoid',
  'Sign',
  'Softmax',
  'Softplus',
  'Sqrt',
  'Tanh',
];
const binaryOps = ['Add', 'And', 'Div', 'Max', 'Min', 'Mul', 'Or', 'Pow', 'Sub', 'Sum'];
const comparisonOps = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'];

/** What each operator gives; an operator that is not here cannot be built. */
export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(unaryOps.map((op) => [op, sameAsFirst])),
  ...Object.fromEntries(binaryOps.map((op) => [op, broadcastAll])),
  ...Object.fromEntries(comparisonOps.map((op) => [op, comparison])),
  Cast: cast,
  Concat: concat,
  Conv: conv,
  ConvTranspose: convTranspose,
  AveragePool: pool,
  Expand: expand,
  Flatten: flatten,
  Gemm: gemm,
  GlobalAveragePool: globalPool,
  MatMul: matMul,
  MaxPool: pool,
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceSum: reduce,
  Reshape: reshape,
  Slice: slice,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Where: where,
};
