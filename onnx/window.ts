import { UserError } from '../errors/index.ts';
import { intAttribute, intsAttribute, stringAttribute, type Attributes } from './model.ts';

/** How a convolution or pooling slides: every list has one entry a spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before the first element of each axis. */
  readonly before: readonly number[];
  /** Padding after the last element of each axis. */
  readonly after: readonly number[];
  /** Sizes of the result. */
  readonly outputs: readonly number[];
}

/**
 * Resolves the attributes of a convolution or pooling to plain numbers, also those that ask for padding by rule.
 * @throws UserError FER7001 for an unknown auto_pad
 */
export function windowOf(
  op: string,
  attributes: Attributes,
  inputs: readonly number[],
  kernel: readonly number[],
): Window {
  const strides = intsAttribute(attributes, 'strides') ?? kernel.map(() => 1);
  const dilations = intsAttribute(attributes, 'dilations') ?? kernel.map(() => 1);
  const reach = kernel.map((size, axis) => (size - 1) * (dilations[axis] ?? 1) + 1);
  const { before, after } = paddingOf(op, attributes, inputs, reach, strides);
  const round = intAttribute(attributes, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  const outputs = inputs.map((size, axis) => {
    const room = size + (before[axis] ?? 0) + (after[axis] ?? 0) - (reach[axis] ?? 1);
    return round(room / (strides[axis] ?? 1)) + 1;
  });
  return { kernel, strides, dilations, before, after, outputs };
}

function paddingOf(
  op: string,
  attributes: Attributes,
  inputs: readonly number[],
  reach: readonly number[],
  strides: readonly number[],
): Pick<Window, 'before' | 'after'> {
  const rule = stringAttribute(attributes, 'auto_pad', 'NOTSET');
  const rank = inputs.length;
  if (rule === 'NOTSET') {
    const pads = intsAttribute(attributes, 'pads') ?? Array.from({ length: rank * 2 }, () => 0);
    return { before: pads.slice(0, rank), after: pads.slice(rank) };
  }
  if (rule === 'VALID') return { before: inputs.map(() => 0), after: inputs.map(() => 0) };
  if (rule !== 'SAME_UPPER' && rule !== 'SAME_LOWER')
    throw new UserError('FER7001', { problem: `${op} has the unknown padding rule "${rule}"` });
  const totals = inputs.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    return Math.max(0, (Math.ceil(size / stride) - 1) * stride + (reach[axis] ?? 1) - size);
  });
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  return rule === 'SAME_UPPER' ? { before: small, after: large } : { before: large, after: small };
}
