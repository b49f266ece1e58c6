import { TaskError } from 'ferrule';
import type { Data, Tensors } from 'ferrule/onnx';

/**
 * Writes float32 tensors in the safetensors format, which Python and Rust read too: the length of a JSON header, the
 * header, the data. Tensors are sorted by name, so that the same content gives the same bytes.
 */
export function writeTensors(tensors: Tensors, metadata: Readonly<Record<string, string>>): Uint8Array {
  const names = Object.keys(tensors).sort();
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const name of names) {
    const { dims, data } = tensors[name] ?? { dims: [], data: new Float32Array() };
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [end, (end += data.byteLength)] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // The data starts at a multiple of 8; spaces fill up to it.
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 0, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  for (const name of names) {
    const data = tensors[name]?.data ?? new Float32Array();
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file in the safetensors format.
 * @throws TaskError where the bytes are none, or hold something else than float32
 */
export function readTensors(bytes: Uint8Array): {
  readonly tensors: Tensors;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const { header, data } = parts(bytes);
  const tensors: Record<string, Data> = {};
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = entry as Readonly<Record<string, string>>;
    else tensors[name] = tensorOf(name, entry, data);
  }
  return { tensors, metadata };
}

function parts(bytes: Uint8Array): { readonly header: object; readonly data: Uint8Array } {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    if (typeof header === 'object' && header !== null) return { header, data: bytes.subarray(8 + length) };
  } catch {
    // Said below: what exactly did not read is of no use to the reader.
  }
  throw unreadable('it is not in the safetensors format');
}

function tensorOf(name: string, entry: unknown, data: Uint8Array): Data {
  const { dtype, shape, data_offsets: offsets } = entry as Readonly<Record<string, unknown>>;
  if (dtype !== 'F32' || !isNumbers(shape) || !isNumbers(offsets))
    throw unreadable(`"${name}" is no float32 tensor`);
  const [start = 0, end = 0] = offsets;
  if (end > data.length) throw unreadable('it is cut short');
  return { dims: shape, data: new Float32Array(new Uint8Array(data.subarray(start, end)).buffer) };
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function unreadable(problem: string): TaskError {
  return new TaskError(`the checkpoint does not read: ${problem}`, {
    fix: 'give the checkpoint of an earlier training',
  });
}
