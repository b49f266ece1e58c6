import { UserError } from '../errors/index.ts';
import { intsAttribute, type Attributes } from './model.ts';
import { integersOf, type ConstantTensor } from './tensor.ts';

/** An element type with a shape of known sizes. */
export interface Shaped {
  /** The number ONNX gives the element type. */
  readonly elementType: number;
  readonly dims: readonly number[];
}

interface Named extends Shaped {
  readonly name: string;
}

/** An operation about to be added: what its shape rule may look at. */
export interface Operands {
  readonly op: string;
  readonly inputs: readonly (Named | undefined)[];
  readonly attributes: Attributes;
  readonly constantOf: (value: Named) => ConstantTensor | undefined;
}

/** Gives a value's element type another shape. */
export function shape(like: Shaped, dims: readonly number[]): Shaped {
  return { elementType: like.elementType, dims };
}

/** Finds an operand that must be there. */
export function nth(operands: Operands, index: number): Named {
  const found = operands.inputs[index];
  if (found === undefined) throw misfit(operands);
  return found;
}

export function first(operands: Operands): Named {
  return nth(operands, 0);
}

/** Reads an operand that must be a constant list of integers. */
export function constantInts(operands: Operands, index: number): number[] {
  const tensor = operands.constantOf(nth(operands, index));
  if (tensor === undefined)
    throw new UserError('FER7001', {
      problem: `${operands.op} takes a computed shape or axis, which is not supported here`,
      fix: 'export the model with fixed shapes, or simplify it (onnx-simplifier)',
    });
  return integersOf(tensor);
}

/** Counts an axis from the front. */
export function axisIn(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Lists the axes a reduction goes over, from its second input or its attribute; all where none are given. */
export function reducedAxes(operands: Operands): number[] {
  const { dims } = first(operands);
  const axes =
    operands.inputs[1] === undefined
      ? (intsAttribute(operands.attributes, 'axes') ?? dims.map((_, axis) => axis))
      : constantInts(operands, 1);
  return axes.map((axis) => axisIn(axis, dims.length));
}

/**
 * Gives the shape of two operands together, by ONNX's (numpy's) rules.
 * @throws UserError FER7002 where they do not fit
 */
export function broadcast(op: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1;
    const right = b[index - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new UserError('FER7002', {
        problem: `${op} cannot take the shapes [${a.join(', ')}] and [${b.join(', ')}] together`,
      });
    return left === 1 ? right : left;
  });
}

/** Makes the error for operands that do not fit their operator. */
export function misfit(operands: Operands): UserError {
  const shapes = operands.inputs.map((input) =>
    input === undefined ? 'nothing' : `[${input.dims.join(', ')}]`,
  );
  return new UserError('FER7002', { problem: `${operands.op} cannot take ${shapes.join(' and ')}` });
}
