import { describe, expect, it } from 'vitest';
import {
  differentiableOperators,
  differentiate,
  floatOutput,
  graphBuilder,
  modelOf,
  openSession,
  sizeOf,
  writeModel,
  type AttributeValues,
  type Data,
  type GraphBuilder,
  type Value,
} from '../../onnx/index.ts';
import { noise } from './noise.ts';

/** An operation to differentiate: shapes of its trained operands, and how it is built of them. */
interface Case {
  readonly name: string;
  readonly dims: readonly (readonly number[])[];
  readonly build: (graph: GraphBuilder, operands: readonly Value[]) => Value;
  /** Moves random operands to where the operation is smooth. */
  readonly place?: (value: number) => number;
}

const plain = (
  op: string,
  dims: readonly (readonly number[])[],
  attributes: AttributeValues = {},
  place?: Case['place'],
): Case => ({
  name: `${op} ${JSON.stringify(attributes)} of ${dims.map((shape) => `[${shape.join(',')}]`).join(' ')}`,
  dims,
  build: (graph, operands) => graph.op(op, operands, attributes),
  ...(place === undefined ? {} : { place }),
});

const positive = (value: number): number => Math.abs(value) + 0.5;
/** Keeps a distance from whole numbers, where the pieces of such functions meet. */
const offKinks = (value: number): number => Math.trunc(value * 2) + Math.sign(value) * 0.5;
const wide = (value: number): number => offKinks(value) * 1.5;
/** All values differ by more than a finite difference moves them. */
const distinct = (_: number, index = 0): number => ((index * 37) % 101) / 10;

const cases: readonly Case[] = [
  plain('Add', [[2, 3], [3]]),
  plain('Sub', [
    [2, 3],
    [2, 1],
  ]),
  plain('Mul', [[2, 3], []]),
  plain('Div', [[2, 3], [3]], {}, positive),
  plain('Sum', [[2, 3], [3], [1]]),
  plain('Max', [[2, 3], [3]]),
  plain('Min', [[2, 3], [3]]),
  plain('Neg', [[5]]),
  plain('Exp', [[5]]),
  plain('Log', [[5]], {}, positive),
  plain('Sqrt', [[5]], {}, positive),
  plain('Reciprocal', [[5]], {}, positive),
  plain('Abs', [[5]], {}, offKinks),
  plain('Erf', [[5]]),
  plain('Identity', [[5]]),
  plain('Dropout', [[5]]),
  plain('Cast', [[5]], { to: 1 }),
  plain('Relu', [[9]], {}, offKinks),
  plain('LeakyRelu', [[9]], { alpha: { float: 0.2 } }, offKinks),
  plain('Elu', [[9]], { alpha: { float: 0.7 } }, offKinks),
  plain('Sigmoid', [[5]]),
  plain('Softplus', [[5]]),
  plain('Tanh', [[5]]),
  plain('HardSigmoid', [[9]], { alpha: { float: 0.2 } }, (value) => value * 3 + 0.1),
  plain('HardSwish', [[9]], {}, wide),
  {
    name: 'Clip between two limits',
    dims: [[9]],
    build: (graph, [x]) => graph.op('Clip', [x, graph.float(-1), graph.float(2)]),
    place: wide,
  },
  {
    name: 'Clip with a lower limit alone',
    dims: [[9]],
    build: (graph, [x]) => graph.op('Clip', [x, graph.float(-1)]),
    place: wide,
  },
  {
    name: 'Pow',
    dims: [[5]],
    build: (graph, [x]) => graph.op('Pow', [x, graph.float(2.5)]),
    place: positive,
  },
  {
    name: 'Where',
    dims: [[4], [2, 4]],
    build: (graph, [x, y]) =>
      graph.op('Where', [graph.op('Greater', [graph.float([1, 0, 1, 0]), graph.float(0.5)]), x, y]),
  },
  plain('MatMul', [
    [3, 4],
    [4, 2],
  ]),
  plain('MatMul', [
    [2, 3, 4],
    [4, 2],
  ]),
  plain('MatMul', [
    [2, 3, 4],
    [2, 4, 2],
  ]),
  ...[0, 1].flatMap((transA) =>
    [0, 1].map((transB) =>
      plain('Gemm', [transA === 1 ? [4, 3] : [3, 4], transB === 1 ? [2, 4] : [4, 2], [2]], {
        transA,
        transB,
        alpha: { float: 0.7 },
        beta: { float: 1.3 },
      }),
    ),
  ),
  plain('Softmax', [[3, 4]], { axis: -1 }),
  plain('Softmax', [[3, 4, 2]], { axis: 1 }),
  plain('LogSoftmax', [[3, 4]], { axis: -1 }),
  plain('Transpose', [[2, 3, 4]], { perm: [2, 0, 1] }),
  plain('Flatten', [[2, 3, 4]], { axis: 1 }),
  plain(
    'Concat',
    [
      [2, 3],
      [2, 1],
      [2, 2],
    ].map((shape) => [...shape]),
    { axis: 1 },
  ),
  {
    name: 'Reshape',
    dims: [[2, 6]],
    build: (graph, [x]) => graph.op('Reshape', [x, graph.ints([3, -1])]),
  },
  {
    name: 'Squeeze after Unsqueeze',
    dims: [[2, 3]],
    build: (graph, [x]) =>
      graph.op('Squeeze', [graph.op('Unsqueeze', [x, graph.ints([0, 2])]), graph.ints([2])]),
  },
  {
    name: 'Expand',
    dims: [[3, 1]],
    build: (graph, [x]) => graph.op('Expand', [x, graph.ints([2, 3, 4])]),
  },
  {
    name: 'Slice from the end',
    dims: [[4, 5]],
    build: (graph, [x]) =>
      graph.op('Slice', [x, graph.ints([1, -3]), graph.ints([3, -1]), graph.ints([0, 1])]),
  },
  {
    name: 'ReduceSum over two axes',
    dims: [[2, 3, 4]],
    build: (graph, [x]) => graph.op('ReduceSum', [x, graph.ints([0, 2])], { keepdims: 0 }),
  },
  plain('ReduceMean', [[2, 3, 4]], { axes: [1, 2], keepdims: 1 }),
  plain('ReduceMean', [[2, 3, 4]], { keepdims: 0 }),
  plain('ReduceMax', [[3, 5]], { axes: [1], keepdims: 0 }, distinct),
  plain('Conv', [[2, 3, 5, 4], [4, 3, 1, 1], [4]]),
  plain('Conv', [[2, 3, 6, 5], [4, 3, 3, 3], [4]], { pads: [1, 1, 1, 1] }),
  plain('Conv', [[2, 3, 6, 7], [4, 3, 3, 3], [4]], { strides: [2, 2], pads: [0, 0, 1, 1] }),
  plain('Conv', [[2, 3, 6, 6], [4, 3, 1, 1], [4]], { strides: [2, 2] }),
  plain(
    'Conv',
    [
      [1, 2, 7, 7],
      [3, 2, 3, 3],
    ].map((shape) => [...shape]),
    { dilations: [2, 2] },
  ),
  plain('Conv', [[2, 4, 6, 6], [4, 1, 3, 3], [4]], { group: 4, pads: [1, 1, 1, 1] }),
  plain('Conv', [[2, 4, 7, 6], [4, 1, 5, 5], [4]], { group: 4, strides: [2, 2], pads: [2, 2, 2, 2] }),
  plain('Conv', [[2, 4, 5, 5], [6, 2, 3, 3], [6]], { group: 2, pads: [1, 1, 1, 1] }),
  plain('Conv', [[2, 3, 6, 7], [2, 3, 3, 3], [2]], { strides: [2, 2], auto_pad: 'SAME_UPPER' }),
  plain('Conv', [[2, 3, 9], [2, 3, 3], [2]], { strides: [2] }),
  plain('BatchNormalization', [[2, 3, 4, 4], [3], [3]]),
  plain('GlobalAveragePool', [[2, 3, 4, 5]]),
  plain('AveragePool', [[2, 3, 5, 5]], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  plain('AveragePool', [[2, 3, 6, 5]], { kernel_shape: [2, 2], strides: [2, 2], count_include_pad: 1 }),
  plain('MaxPool', [[2, 2, 5, 5]], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }, distinct),
];

/** BatchNormalization also takes statistics, which are not trained. */
function built(graph: GraphBuilder, test: Case, operands: readonly Value[]): Value {
  if (!test.name.startsWith('BatchNormalization')) return test.build(graph, operands);
  const statistics = [graph.float([0.1, -0.2, 0.3]), graph.float([0.5, 1.5, 1])];
  return test.build(graph, [...operands, ...statistics]);
}

describe('a gradient', () => {
  it.each(cases)('of $name agrees with finite differences', async (test) => {
    const graph = graphBuilder('test');
    const operands = test.dims.map((dims, index) => graph.input(`x${index}`, 'float32', dims));
    const output = built(graph, test, operands);
    const weights = graph.float([...noise(sizeOf(output.dims), 7)], output.dims);
    const weighted = graph.op('Mul', [output, weights]);
    const loss = graph.op('ReduceSum', [weighted], { keepdims: 0 });
    const gradients = differentiate(graph, loss, operands);
    graph.output('loss', loss);
    for (const [index, gradient] of gradients.entries()) {
      expect(gradient.dims).toEqual(test.dims[index]);
      graph.output(`g${index}`, gradient);
    }
    const session = await openSession(writeModel(modelOf(graph.graph())));
    const { place = (value: number) => value } = test;
    const start = test.dims.map((dims, index) => noise(sizeOf(dims), index + 1).map(place));
    const directions = test.dims.map((dims, index) => noise(sizeOf(dims), index + 11));
    const at = async (shift: number): Promise<Record<string, Data>> => {
      const feeds: Record<string, Data> = {};
      for (const [index, dims] of test.dims.entries()) {
        const direction = directions[index] ?? new Float32Array();
        const data = (start[index] ?? direction).map((value, i) => value + shift * (direction[i] ?? 0));
        feeds[`x${index}`] = { dims, data };
      }
      return session.run(feeds);
    };
    const lossAt = async (shift: number): Promise<number> =>
      floatOutput(await at(shift), 'loss')[0] ?? Number.NaN;
    const step = 4e-3;
    const measured = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
    const here = await at(0);
    let claimed = 0;
    let size = 0;
    for (const [index, direction] of directions.entries())
      for (const [i, slope] of floatOutput(here, `g${index}`).entries()) {
        claimed += slope * (direction[i] ?? 0);
        size += Math.abs(slope * (direction[i] ?? 0));
      }
    await session.close();
    expect(size).toBeGreaterThan(0.01);
    expect(Math.abs(claimed - measured) / size).toBeLessThan(2e-3);
  });

  it('is tested for every operator that has a rule', () => {
    const named = cases.map((test) => test.name.split(' ')[0] ?? '');
    const also = ['Unsqueeze'];
    expect(differentiableOperators.filter((op) => !named.includes(op) && !also.includes(op))).toEqual([]);
  });

  it('adds up over all ways from a parameter to the loss', async () => {
    const graph = graphBuilder('test');
    const x = graph.input('x', 'float32', [1]);
    const loss = graph.op('Add', [graph.op('Mul', [x, x]), graph.op('Mul', [x, graph.float(3)])]);
    const [gradient] = differentiate(graph, loss, [x]);
    if (gradient !== undefined) graph.output('g', gradient);
    const session = await openSession(writeModel(modelOf(graph.graph())));
    const result = await session.run({ x: { dims: [1], data: Float32Array.of(5) } });
    expect([...floatOutput(result, 'g')]).toEqual([13]);
  });

  it('is refused where an operator on the way has no rule, naming it', () => {
    const graph = graphBuilder('test');
    const x = graph.input('x', 'float32', [2]);
    const sign = graph.op('Sign', [x]);
    expect(() => differentiate(graph, sign, [x])).toThrow(/Sign has no gradient rule/);
  });

  it('is refused where the loss does not depend on the parameter', () => {
    const graph = graphBuilder('test');
    const x = graph.input('x', 'float32', [1]);
    const other = graph.input('other', 'float32', [1]);
    expect(() => differentiate(graph, graph.op('Neg', [x]), [other])).toThrow(/does not depend on "other"/);
  });
});
