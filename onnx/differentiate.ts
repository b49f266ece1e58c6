import { UserError } from '../errors/index.ts';
import type { BuiltNode, GraphBuilder, Value } from './builder.ts';
import { convolutionRules } from './gradients/convolution.ts';
import { elementwiseRules } from './gradients/elementwise.ts';
import { linearRules } from './gradients/linear.ts';
import { poolingRules } from './gradients/pooling.ts';
import { reshapingRules } from './gradients/reshaping.ts';
import type { GradientRule } from './gradients/rule.ts';

const rules: Readonly<Record<string, GradientRule>> = {
  ...convolutionRules,
  ...elementwiseRules,
  ...linearRules,
  ...poolingRules,
  ...reshapingRules,
};

/** Operators that have a gradient rule, sorted. */
export const differentiableOperators: readonly string[] = Object.keys(rules).sort();

/**
 * Adds to a graph the operations that compute the gradient of `loss` (one element) by each of `parameters`, by
 * reverse-mode differentiation.
 * @returns one value a parameter, in its shape
 * @throws UserError FER7003 where the way from a parameter to the loss holds an operator without a rule, FER7005
 * where there is no way
 */
export function differentiate(graph: GraphBuilder, loss: Value, parameters: readonly Value[]): Value[] {
  const nodes = [...graph.nodes()];
  const live = reachedFrom(nodes, parameters);
  const gradients = new Map<string, Value>();
  gradients.set(loss.name, graph.op('Expand', [graph.float(1), graph.ints(loss.dims)]));
  for (const node of nodes.toReversed()) {
    const [output] = node.outputs;
    const gradient = output === undefined ? undefined : gradients.get(output.name);
    if (output === undefined || gradient === undefined) continue;
    if (!node.inputs.some((input) => input !== undefined && live.has(input.name))) continue;
    const byInput = gradientRule(node)({
      graph,
      node,
      gradient,
      output,
      wants: (index) => live.has(node.inputs[index]?.name ?? ''),
      input: (index) => operand(node, index),
    });
    for (const [index, part] of byInput.entries()) {
      const input = node.inputs[index];
      if (part === undefined || input === undefined || !live.has(input.name)) continue;
      const before = gradients.get(input.name);
      gradients.set(input.name, before === undefined ? part : graph.op('Add', [before, part]));
    }
  }
  return parameters.map((parameter) => {
    const gradient = gradients.get(parameter.name);
    if (gradient === undefined)
      throw new UserError('FER7005', { problem: `the loss does not depend on "${parameter.name}"` });
    return gradient;
  });
}

/** Names of the parameters and of everything that is computed from them. */
function reachedFrom(nodes: readonly BuiltNode[], parameters: readonly Value[]): ReadonlySet<string> {
  const reached = new Set(parameters.map((parameter) => parameter.name));
  for (const node of nodes)
    if (node.inputs.some((input) => input !== undefined && reached.has(input.name)))
      for (const output of node.outputs) reached.add(output.name);
  return reached;
}

function gradientRule(node: BuiltNode): GradientRule {
  const rule = rules[node.op];
  if (rule === undefined)
    throw new UserError('FER7003', {
      problem: `the operator ${node.op} has no gradient rule`,
      fix: `train what comes after it, or use another: ${differentiableOperators.join(', ')}`,
    });
  return rule;
}

function operand(node: BuiltNode, index: number): Value {
  const found = node.inputs[index];
  if (found === undefined) throw new UserError('FER7002', { problem: `${node.op} has no input ${index}` });
  return found;
}
