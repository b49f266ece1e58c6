import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest } from '../../spec/index.ts';

/** A file being read, with the digest of what was read so far. */
export interface DigestedStream {
  readonly chunks: AsyncIterable<Buffer>;
  /** Once `chunks` has ended. */
  digest(): Digest;
  /** Bytes read so far. */
  size(): number;
}

/** Reads a file in pieces of a megabyte and digests them on the way. */
export function readDigested(path: string): DigestedStream {
  const hash = createHash('sha256');
  let size = 0;
  async function* chunks(): AsyncIterable<Buffer> {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      const piece = chunk as Buffer;
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  return { chunks: chunks(), digest: () => `sha256:${hash.digest('hex')}`, size: () => size };
}
