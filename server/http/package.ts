/** Gets the pipeline out of what KFP's clients upload: a document, or a .tar.gz or .zip with one in it. */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf } from '../../errors/index.ts';
import { Refusal } from '../failure.ts';
import { isTooLarge, readZip, unpacksTooLarge } from './zip.ts';

/** The document of a package. */
export interface PackagedDocument {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a package.
 * @param most bytes that it may have unpacked
 * @throws Refusal where there is no document in it, or more than one
 */
export async function readPackage(bytes: Buffer, name: string, most: number): Promise<PackagedDocument> {
  if (bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])))
    return chosen(await readTar(await unpacked(bytes, most)));
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')))
    return chosen(readZip(bytes, most, isDocument));
  return { name, text: bytes.toString('utf8') };
}

async function unpacked(bytes: Buffer, most: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: most });
  } catch (error) {
    throw isTooLarge(error)
      ? unpacksTooLarge(most)
      : new Refusal('invalid', `the package cannot be unpacked: ${messageOf(error)}`);
  }
}

async function readTar(bytes: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const { extract } = await import('tar-stream');
  const files = new Map<string, Buffer>();
  const entries = extract();
  Readable.from([bytes]).pipe(entries);
  try {
    for await (const entry of entries) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(Buffer.from(part as Uint8Array));
      if (entry.header.type === 'file' && isDocument(entry.header.name))
        files.set(entry.header.name, Buffer.concat(parts));
    }
  } catch (error) {
    throw new Refusal('invalid', `the package is no .tar.gz: ${messageOf(error)}`);
  }
  return files;
}

function isDocument(name: string): boolean {
  return /\.(ya?ml|json)$/.test(name);
}

/** As KFP chooses: `pipeline.yaml`, or the only one that there is. */
function chosen(files: ReadonlyMap<string, Buffer>): PackagedDocument {
  const [only, other] = [...files.keys()];
  const name = files.has('pipeline.yaml') ? 'pipeline.yaml' : other === undefined ? only : undefined;
  const bytes = files.get(name ?? '');
  if (name === undefined || bytes === undefined)
    throw new Refusal(
      'invalid',
      `the package holds ${files.size} documents: it needs one, or one that is pipeline.yaml`,
    );
  return { name, text: bytes.toString('utf8') };
}
