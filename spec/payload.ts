/**
 * How a lightweight component's code travels inside a spec: executor and bundle folder, compressed, as base64.
 * Brotli, because its bytes are the same on every processor, which deflate's are not.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { canonicalJson } from './json.ts';

export interface Payload {
  /** Text of the self-contained executor program. */
  readonly executor: string;
  /** The bundle folder: base64 of each file by its path, with `/` between names. */
  readonly files: Readonly<Record<string, string>>;
}

/** Packs a payload: base64 of the brotli-compressed JSON. */
export function packPayload(payload: Payload): string {
  const json = Buffer.from(canonicalJson(payload), 'utf8');
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_SIZE_HINT]: json.byteLength,
  };
  return brotliCompressSync(json, { params }).toString('base64');
}

/** Unpacks what `packPayload` wrote. Throws what the decompressor or JSON throws where the text is damaged. */
export function unpackPayload(text: string): Payload {
  return JSON.parse(brotliDecompressSync(Buffer.from(text, 'base64')).toString('utf8')) as Payload;
}
