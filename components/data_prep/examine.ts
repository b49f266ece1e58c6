import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { mapBounded, type LocationFile } from 'ferrule/data';
import sharp from 'sharp';
import { decodersAtOnce } from '../images/parallel.ts';
import type { Finding } from './photograph.ts';
import type { Source } from './source.ts';

/** Bytes; a larger file is no photograph, and reading several of them at once would take all memory. */
const largest = 256 * 1024 * 1024;

/** Formats that training reads, as sharp names them by content. */
const formats: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif', 'avif'];

/** Downloads wait for the network more than for a core. */
const downloadsAtOnce = 16;

sharp.cache(false);
sharp.concurrency(1);

/**
 * Looks at every file of a source: fetches it, digests it, and decodes all of it, since a picture that is cut short
 * has a sound head. Findings stand in the order of the files. Memory is bounded by the files under way.
 */
export async function examine(source: Source, signal: AbortSignal): Promise<readonly Finding[]> {
  const limit = source.remote ? downloadsAtOnce : decodersAtOnce();
  return mapBounded(source.files, limit, (file) => examineFile(source, file), signal);
}

async function examineFile(source: Source, file: LocationFile): Promise<Finding> {
  const { path, size } = file;
  const leftOut = (reason: string): Finding => ({ kind: 'left out', path, reason });
  const [className, ...below] = path.split('/');
  if (className === undefined || below.length === 0) return leftOut('lies in no class folder');
  if (path.split('/').some((name) => name.startsWith('.'))) return leftOut('is a hidden file');
  if (size === 0) return leftOut('is empty');
  if (size > largest) return leftOut(`has ${Math.round(size / 1024 / 1024)} MiB, more than 256`);
  const place = await source.fetch(file);
  const bytes = await readFile(place);
  const wrong = await whatIsWrong(bytes);
  if (wrong !== undefined) return leftOut(wrong);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'photograph', path, className, digest, file: place, size: bytes.length };
}

/** Decodes a picture and says why it cannot be used, or nothing. */
async function whatIsWrong(bytes: Uint8Array): Promise<string | undefined> {
  const format = await sharp(bytes)
    .metadata()
    .then(
      (metadata) => metadata.format,
      () => undefined,
    );
  if (format === undefined) return 'is not a picture that can be read';
  if (!formats.includes(format)) return `is not a photograph but ${format}`;
  // Shrunk line by line, a large picture takes little memory; shrinking while it loads would not read the last lines.
  return sharp(bytes, { failOn: 'error' })
    .resize(64, 64, { fit: 'fill', fastShrinkOnLoad: false })
    .raw()
    .toBuffer()
    .then(
      () => undefined,
      (failure: unknown) => `cannot be decoded: ${firstLine(failure)}`,
    );
}

function firstLine(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  return message.split('\n')[0] ?? message;
}
