import { inflateRawSync } from 'node:zlib';
import { messageOf } from '../../errors/index.ts';
import { Refusal } from '../failure.ts';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localEntry = 0x04034b50;

/**
 * Reads files of a zip archive. Large ones (ZIP64) and encrypted ones are refused: no pipeline comes in these.
 * @param most bytes that they may have unpacked, together
 * @throws Refusal where it does not read
 */
export function readZip(
  bytes: Buffer,
  most: number,
  wanted: (name: string) => boolean,
): ReadonlyMap<string, Buffer> {
  try {
    return read(bytes, most, wanted);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw isTooLarge(error)
      ? unpacksTooLarge(most)
      : new Refusal('invalid', `the package is no .zip: ${messageOf(error)}`);
  }
}

function read(bytes: Buffer, most: number, wanted: (name: string) => boolean): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  let left = most;
  // A comment of up to 64 KiB may follow the end of the directory, which has 22 bytes.
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== endOfDirectory) end -= 1;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (bytes.readUInt32LE(at) !== directoryEntry)
      throw new Refusal('invalid', 'the package is a broken .zip');
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + rest;
    if (!wanted(name)) continue;
    if (bytes.readUInt32LE(local) !== localEntry || (method !== 0 && method !== 8))
      throw new Refusal('invalid', `"${name}" in the package is packed in a way that is not known here`);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(from, from + packed);
    const file = method === 0 ? content : inflateRawSync(content, { maxOutputLength: Math.max(1, left) });
    left -= file.length;
    if (left < 0) throw unpacksTooLarge(most);
    files.set(name, file);
  }
  return files;
}

/** Whether unpacking was given up because it would have given more than it may. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

export function unpacksTooLarge(most: number): Refusal {
  return new Refusal('too-large', `the package has more than ${most} bytes unpacked`);
}
