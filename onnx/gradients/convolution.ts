/** Gradient rules of convolutions, of any number of spatial axes. */
import type { Value } from '../builder.ts';
import { intAttribute } from '../model.ts';
import { windowOf, type Window } from '../window.ts';
import { reshaped, type Backward, type GradientRule } from './rule.ts';

const conv: GradientRule = (b) => {
  const x = b.input(0);
  const w = b.input(1);
  const group = intAttribute(b.node.attributes, 'group', 1);
  const window = windowOf('Conv', b.node.attributes, x.dims.slice(2), w.dims.slice(2));
  return [
    b.wants(0) ? byPixels(b, window, group) : undefined,
    b.wants(1) ? byWeights(b, window, group) : undefined,
    b.node.inputs[2] !== undefined && b.wants(2) ? byBias(b) : undefined,
  ];
};

/** The gradient by the pixels is the transposed convolution with the same weights. */
function byPixels({ graph, gradient, input }: Backward, window: Window, group: number): Value {
  const sizes = input(0).dims.slice(2);
  return graph.op('ConvTranspose', [gradient, input(1)], {
    group,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.before, ...window.after],
    output_padding: missing(window, sizes),
  });
}

/** How much a transposed convolution falls short of the input, where the stride left elements over. */
function missing(window: Window, sizes: readonly number[]): number[] {
  return sizes.map((size, axis) => {
    const reach = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    const covered = ((window.outputs[axis] ?? 1) - 1) * (window.strides[axis] ?? 1) + reach;
    return size + (window.before[axis] ?? 0) + (window.after[axis] ?? 0) - covered;
  });
}

function byBias({ graph, gradient, input }: Backward): Value {
  const axes = gradient.dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return reshaped(graph, graph.op('ReduceSum', [gradient, graph.ints(axes)], { keepdims: 0 }), input(2).dims);
}

function byWeights(b: Backward, window: Window, group: number): Value {
  const { graph, gradient, input } = b;
  const x = input(0);
  const w = input(1);
  if (group === 1)
    return isPointwise(window) ? pointwise(b, x, gradient) : whole(b, window, x, gradient, w.dims);
  const [outChannels = 1, perGroup = 1] = w.dims;
  if (perGroup === 1 && outChannels === group) return depthwise(b, window);
  const outPerGroup = outChannels / group;
  const part = (value: Value, index: number, size: number): Value =>
    graph.op('Slice', [value, graph.ints([index * size]), graph.ints([(index + 1) * size]), graph.ints([1])]);
  const parts = Array.from({ length: group }, (_, index) =>
    whole(b, window, part(x, index, perGroup), part(gradient, index, outPerGroup), [
      outPerGroup,
      ...w.dims.slice(1),
    ]),
  );
  return graph.op('Concat', parts, { axis: 0 });
}

function isPointwise(window: Window): boolean {
  const all = (sizes: readonly number[], wanted: number): boolean => sizes.every((size) => size === wanted);
  return all(window.kernel, 1) && all(window.strides, 1) && all(window.before, 0) && all(window.after, 0);
}

/** A 1 x 1 convolution is a matrix product at every pixel: the gradients of all pixels add up. */
function pointwise({ graph, input }: Backward, x: Value, gradient: Value): Value {
  const [batch = 1, channels = 1, ...spatial] = x.dims;
  const pixels = spatial.reduce((product, size) => product * size, 1);
  const rows = reshaped(graph, gradient, [batch, gradient.dims[1] ?? 1, pixels]);
  const columns = reshaped(graph, x, [batch, channels, pixels]);
  const each = graph.op('MatMul', [rows, graph.op('Transpose', [columns], { perm: [0, 2, 1] })]);
  const summed = graph.op('ReduceSum', [each, graph.ints([0])], { keepdims: 0 });
  return reshaped(graph, summed, input(1).dims);
}

/**
 * The gradient by the weights is a convolution too: the pixels with the gradient as kernel, where batch and channels
 * change places, and stride and dilation do.
 */
function whole(b: Backward, window: Window, x: Value, gradient: Value, weights: readonly number[]): Value {
  const { graph } = b;
  const swap = [1, 0, ...weights.slice(2).map((_, axis) => axis + 2)];
  const full = graph.op(
    'Conv',
    [graph.op('Transpose', [x], { perm: swap }), graph.op('Transpose', [gradient], { perm: swap })],
    swappedWindow(window),
  );
  return graph.op('Transpose', [cutTo(b, full, weights.slice(2))], { perm: swap });
}

/** One kernel a channel: every channel of every picture is a group of its own; then the pictures are summed. */
function depthwise(b: Backward, window: Window): Value {
  const { graph, gradient, input } = b;
  const [batch = 1, channels = 1, ...spatial] = input(0).dims;
  const planes = reshaped(graph, input(0), [1, batch * channels, ...spatial]);
  const kernels = reshaped(graph, gradient, [batch * channels, 1, ...gradient.dims.slice(2)]);
  const full = graph.op('Conv', [planes, kernels], { ...swappedWindow(window), group: batch * channels });
  const cut = cutTo(b, full, window.kernel);
  const each = reshaped(graph, cut, [batch, channels, 1, ...window.kernel]);
  return graph.op('ReduceSum', [each, graph.ints([0])], { keepdims: 0 });
}

function swappedWindow(window: Window): Record<string, readonly number[]> {
  return {
    strides: window.dilations,
    dilations: window.strides,
    pads: [...window.before, ...window.after],
  };
}

/** Cuts off the rows and columns that exist only because the stride left elements over. */
function cutTo({ graph }: Backward, value: Value, sizes: readonly number[]): Value {
  const axes = sizes.flatMap((size, axis) => (value.dims[axis + 2] === size ? [] : [axis + 2]));
  if (axes.length === 0) return value;
  return graph.op('Slice', [
    value,
    graph.ints(axes.map(() => 0)),
    graph.ints(axes.map((axis) => sizes[axis - 2] ?? 0)),
    graph.ints(axes),
  ]);
}

export const convolutionRules: Readonly<Record<string, GradientRule>> = { Conv: conv };
