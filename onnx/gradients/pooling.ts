/** Gradient rules of pooling. */
import { UserError } from '../../errors/index.ts';
import { intAttribute, intsAttribute } from '../model.ts';
import { sizeOf } from '../tensor.ts';
import { windowOf, type Window } from '../window.ts';
import { reshaped, type Backward, type GradientRule } from './rule.ts';

const globalAverage: GradientRule = ({ graph, gradient, input }) => {
  const { dims } = input(0);
  const share = graph.op('Mul', [gradient, graph.float(1 / sizeOf(dims.slice(2)))]);
  return [graph.op('Expand', [share, graph.ints(dims)])];
};

function poolWindow({ node, input }: Backward): Window {
  if (intAttribute(node.attributes, 'ceil_mode', 0) === 1)
    throw new UserError('FER7003', { problem: `${node.op} with ceil_mode has no gradient rule` });
  return windowOf(
    node.op,
    node.attributes,
    input(0).dims.slice(2),
    intsAttribute(node.attributes, 'kernel_shape') ?? [],
  );
}

/** Each window's gradient, divided by the pixels it counts, is spread over it by a transposed convolution of ones. */
const average: GradientRule = (b) => {
  const { graph, gradient, input, node } = b;
  const { dims } = input(0);
  const window = poolWindow(b);
  const channels = dims[1] ?? 1;
  const pads = [...window.before, ...window.after];
  const one = graph.float(1);
  const plane = graph.op('Expand', [one, graph.ints([1, 1, ...dims.slice(2)])]);
  const ones = graph.op('Expand', [one, graph.ints([1, 1, ...window.kernel])]);
  const countsPadding = intAttribute(node.attributes, 'count_include_pad', 0) === 1;
  const counts = countsPadding
    ? graph.float(sizeOf(window.kernel))
    : graph.op('Conv', [plane, ones], { strides: window.strides, pads });
  const kernels = graph.op('Expand', [one, graph.ints([channels, 1, ...window.kernel])]);
  const leftOver = dims.slice(2).map((size, axis) => {
    const covered =
      ((window.outputs[axis] ?? 1) - 1) * (window.strides[axis] ?? 1) + (window.kernel[axis] ?? 1);
    return size + (window.before[axis] ?? 0) + (window.after[axis] ?? 0) - covered;
  });
  return [
    graph.op('ConvTranspose', [graph.op('Div', [gradient, counts]), kernels], {
      group: channels,
      strides: window.strides,
      pads,
      output_padding: leftOver,
    }),
  ];
};

/** The gradient goes to the pixel that won: the pooling is done again with its second output, the winners' places. */
const maximum: GradientRule = (b) => {
  const { graph, gradient, input, node } = b;
  const { dims } = input(0);
  poolWindow(b);
  const stem = `${b.output.name}_again`;
  const [, places] = graph.node('MaxPool', [input(0)], node.attributes, [stem, `${stem}_places`]);
  if (places === undefined) throw new UserError('FER7003', { problem: 'MaxPool gave no places' });
  const zeros = graph.op('Expand', [graph.float(0), graph.ints([sizeOf(dims)])]);
  const scattered = graph.op(
    'ScatterElements',
    [zeros, reshaped(graph, places, [sizeOf(places.dims)]), reshaped(graph, gradient, [sizeOf(places.dims)])],
    { axis: 0, reduction: 'add' },
  );
  return [reshaped(graph, scattered, dims)];
};

export const poolingRules: Readonly<Record<string, GradientRule>> = {
  AveragePool: average,
  GlobalAveragePool: globalAverage,
  MaxPool: maximum,
};
