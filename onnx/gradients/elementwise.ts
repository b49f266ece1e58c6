/** Gradient rules of operators that work on each element by itself. */
import { floatAttribute } from '../model.ts';
import { indicator, unbroadcast, type Backward, type GradientRule } from './rule.ts';
import type { Value } from '../builder.ts';

/** Makes a rule of a derivative: the gradient is multiplied by what `derivative` gives. */
function byDerivative(derivative: (backward: Backward) => Value): GradientRule {
  return (backward) => [backward.graph.op('Mul', [backward.gradient, derivative(backward)])];
}

/** Makes a rule for two operands that may have been broadcast. */
function byOperands(left: (b: Backward) => Value, right: (b: Backward) => Value): GradientRule {
  return (b) => [
    b.wants(0) ? unbroadcast(b.graph, left(b), b.input(0).dims) : undefined,
    b.wants(1) ? unbroadcast(b.graph, right(b), b.input(1).dims) : undefined,
  ];
}

const negative = (b: Backward): Value => b.graph.op('Neg', [b.gradient]);

const sigmoidSlope = ({ graph, output }: Backward): Value =>
  graph.op('Mul', [output, graph.op('Sub', [graph.float(1), output])]);

/** 1 strictly between the limits, where the line rises, and 0 outside. */
function between({ graph }: Backward, x: Value, low: Value | undefined, high: Value | undefined): Value {
  const tests = [
    ...(low === undefined ? [] : [graph.op('Greater', [x, low])]),
    ...(high === undefined ? [] : [graph.op('Less', [x, high])]),
  ];
  const [one, two] = tests;
  if (one === undefined) return graph.float(1);
  return indicator(graph, two === undefined ? one : graph.op('And', [one, two]));
}

const clip: GradientRule = (b) => {
  const low = b.node.inputs[1];
  const high = b.node.inputs[2];
  return [b.graph.op('Mul', [b.gradient, between(b, b.input(0), low, high)])];
};

/** Slope `alpha` where the input is negative, else 1. */
const leakyRelu = byDerivative((b) => {
  const { graph } = b;
  const alpha = graph.float(floatAttribute(b.node.attributes, 'alpha', 0.01));
  return graph.op('Where', [graph.op('Greater', [b.input(0), graph.float(0)]), graph.float(1), alpha]);
});

/** alpha * exp(x) where the input is negative, which is the output + alpha. */
const elu = byDerivative((b) => {
  const { graph, output } = b;
  const alpha = graph.float(floatAttribute(b.node.attributes, 'alpha', 1));
  const rising = graph.op('Greater', [b.input(0), graph.float(0)]);
  return graph.op('Where', [rising, graph.float(1), graph.op('Add', [output, alpha])]);
});

const hardSigmoid = byDerivative((b) => {
  const { graph } = b;
  const alpha = graph.float(floatAttribute(b.node.attributes, 'alpha', 0.2));
  return graph.op('Mul', [between(b, b.output, graph.float(0), graph.float(1)), alpha]);
});

/** x * clip(x / 6 + 1 / 2, 0, 1): its slope is 0, then (2 x + 3) / 6, then 1. */
const hardSwish = byDerivative((b) => {
  const { graph } = b;
  const x = b.input(0);
  const inner = graph.op('Add', [graph.op('Mul', [x, graph.float(1 / 3)]), graph.float(0.5)]);
  const above = indicator(graph, graph.op('GreaterOrEqual', [x, graph.float(3)]));
  const inside = between(b, x, graph.float(-3), graph.float(3));
  return graph.op('Add', [graph.op('Mul', [inside, inner]), above]);
});

/** 2 / sqrt(pi) * exp(-x^2). */
const erf = byDerivative(({ graph, input }) => {
  const square = graph.op('Mul', [input(0), input(0)]);
  return graph.op('Mul', [graph.op('Exp', [graph.op('Neg', [square])]), graph.float(2 / Math.sqrt(Math.PI))]);
});

const quotientByDivisor = ({ graph, gradient, output, input }: Backward): Value =>
  graph.op('Neg', [graph.op('Div', [graph.op('Mul', [gradient, output]), input(1)])]);

/** x^p by x: p * x^(p-1). The exponent is a constant of the graph, never trained. */
const power: GradientRule = (b) => {
  const { graph } = b;
  const less = graph.op('Sub', [b.input(1), graph.float(1)]);
  const slope = graph.op('Mul', [b.input(1), graph.op('Pow', [b.input(0), less])]);
  return [unbroadcast(graph, graph.op('Mul', [b.gradient, slope]), b.input(0).dims)];
};

/** The gradient goes to the operand that won; a tie goes to the first. */
const extremum = (wins: 'GreaterOrEqual' | 'LessOrEqual'): GradientRule =>
  byOperands(
    (b) => b.graph.op('Mul', [b.gradient, indicator(b.graph, b.graph.op(wins, [b.input(0), b.input(1)]))]),
    (b) => {
      const { graph } = b;
      const won = indicator(graph, graph.op(wins, [b.input(0), b.input(1)]));
      return graph.op('Mul', [b.gradient, graph.op('Sub', [graph.float(1), won])]);
    },
  );

const sum: GradientRule = (b) =>
  b.node.inputs.map((input, index) =>
    input !== undefined && b.wants(index) ? unbroadcast(b.graph, b.gradient, input.dims) : undefined,
  );

const where: GradientRule = (b) => {
  const { graph } = b;
  const zero = graph.float(0);
  const [condition] = b.node.inputs;
  const part = (kept: Value, other: Value): Value => graph.op('Where', [condition, kept, other]);
  return [
    undefined,
    b.wants(1) ? unbroadcast(graph, part(b.gradient, zero), b.input(1).dims) : undefined,
    b.wants(2) ? unbroadcast(graph, part(zero, b.gradient), b.input(2).dims) : undefined,
  ];
};

export const elementwiseRules: Readonly<Record<string, GradientRule>> = {
  Abs: byDerivative(({ graph, input }) => graph.op('Sign', [input(0)])),
  Add: byOperands(
    (b) => b.gradient,
    (b) => b.gradient,
  ),
  Cast: ({ gradient }) => [gradient],
  Clip: clip,
  Div: byOperands((b) => b.graph.op('Div', [b.gradient, b.input(1)]), quotientByDivisor),
  Dropout: ({ gradient }) => [gradient],
  Elu: elu,
  Erf: erf,
  Exp: byDerivative(({ output }) => output),
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Identity: ({ gradient }) => [gradient],
  LeakyRelu: leakyRelu,
  Log: ({ graph, gradient, input }) => [graph.op('Div', [gradient, input(0)])],
  Max: extremum('GreaterOrEqual'),
  Min: extremum('LessOrEqual'),
  Mul: byOperands(
    (b) => b.graph.op('Mul', [b.gradient, b.input(1)]),
    (b) => b.graph.op('Mul', [b.gradient, b.input(0)]),
  ),
  Neg: (b) => [negative(b)],
  Pow: power,
  Reciprocal: (b) => [
    b.graph.op('Neg', [b.graph.op('Mul', [b.gradient, b.graph.op('Mul', [b.output, b.output])])]),
  ],
  Relu: byDerivative(({ graph, output }) => indicator(graph, graph.op('Greater', [output, graph.float(0)]))),
  Sigmoid: byDerivative(sigmoidSlope),
  Softplus: byDerivative(({ graph, input }) => graph.op('Sigmoid', [input(0)])),
  Sqrt: ({ graph, gradient, output }) => [
    graph.op('Div', [graph.op('Mul', [gradient, graph.float(0.5)]), output]),
  ],
  Sub: byOperands((b) => b.gradient, negative),
  Sum: sum,
  Tanh: byDerivative(({ graph, output }) =>
    graph.op('Sub', [graph.float(1), graph.op('Mul', [output, output])]),
  ),
  Where: where,
};
