import { UserError } from '../errors/index.ts';

/** Element types that graphs built here may hold, with their number in ONNX. */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

/** An element type by its name. */
export type ElementType = keyof typeof elementTypes;

/** A constant of a graph: raw little-endian bytes, kept as they are in the file. */
export interface ConstantTensor {
  readonly name: string;
  /** The number ONNX gives the element type: types that no rule here knows survive reading and writing. */
  readonly elementType: number;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

/** Counts the elements of a shape. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Makes a float32 constant. */
export function floatTensor(
  name: string,
  dims: readonly number[],
  values: Float32Array | readonly number[],
): ConstantTensor {
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  if (floats.length !== sizeOf(dims))
    throw new UserError('FER7002', {
      problem: `the constant "${name}" has ${floats.length} values for the shape [${dims.join(', ')}]`,
    });
  const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength).slice();
  return Object.freeze({ name, elementType: elementTypes.float32, dims: [...dims], bytes });
}

/** Makes an int64 constant. */
export function intTensor(name: string, dims: readonly number[], values: readonly number[]): ConstantTensor {
  const integers = BigInt64Array.from(values, (value) => BigInt(value));
  return Object.freeze({
    name,
    elementType: elementTypes.int64,
    dims: [...dims],
    bytes: new Uint8Array(integers.buffer),
  });
}

/**
 * Reads the values of a float32 constant.
 * @throws UserError FER7001 for another element type
 */
export function floatsOf(tensor: ConstantTensor): Float32Array {
  if (tensor.elementType !== elementTypes.float32)
    throw new UserError('FER7001', {
      problem: `the constant "${tensor.name}" has element type ${tensor.elementType}, and float32 (1) is needed`,
    });
  return new Float32Array(new Uint8Array(tensor.bytes).buffer);
}

/**
 * Reads the values of an int64 or int32 constant. Values beyond ±2^53, which stand for "to the end" in slices, are
 * clamped.
 * @throws UserError FER7001 for another element type
 */
export function integersOf(tensor: ConstantTensor): number[] {
  const { buffer } = new Uint8Array(tensor.bytes);
  if (tensor.elementType === elementTypes.int32) return [...new Int32Array(buffer)];
  if (tensor.elementType !== elementTypes.int64)
    throw new UserError('FER7001', {
      problem: `the constant "${tensor.name}" has element type ${tensor.elementType}, and int64 (7) is needed`,
    });
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return [...new BigInt64Array(buffer)].map((value) =>
    Number(value > most ? most : value < -most ? -most : value),
  );
}
