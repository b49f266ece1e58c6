import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';

/** A content digest, written `sha256:<64 hex digits>`. */
export type Digest = `sha256:${string}`;

/** Digests bytes, or a text as UTF-8. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Digests a JSON value through its canonical form. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

/** The hexadecimal part of a digest: what file names use. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Whether a text is a digest. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** One file of a folder, as its digest sees it. */
export interface FileEntry {
  /** Path inside the folder, with `/` between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
}

/**
 * Digests a folder by its files' paths, sizes and contents, in byte order of the paths. Modes, times and empty
 * folders do not count.
 */
export function digestOfFolder(files: readonly FileEntry[]): Digest {
  const hash = createHash('sha256');
  const sorted = files
    .map((file) => ({ file, key: Buffer.from(file.path, 'utf8') }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  for (const { file } of sorted) hash.update(`${JSON.stringify(file.path)} ${file.size} ${file.digest}\n`);
  return `sha256:${hash.digest('hex')}`;
}
