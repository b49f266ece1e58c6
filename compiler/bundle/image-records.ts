/** What was pushed from this project: `<cache>/images.json` says which digest a reference got, and of which sources. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, type ComponentIdentity, type Digest } from '../../spec/index.ts';
import { writeWhole } from '../cache-file.ts';

/** An image that was pushed. */
export interface ImageRecord {
  /** As the registry names it. */
  readonly digest: Digest;
  /** What the image holds, by code digest. */
  readonly components: Readonly<Record<Digest, ImageSources>>;
}

/** What a component's place in an image was made from, besides its code. */
type ImageSources = Pick<ComponentIdentity, 'natives' | 'recipe'>;

export type ImageRecords = Readonly<Record<string, ImageRecord>>;

/** What a reference stands for, as far as this project's pushes tell. */
export type Pin =
  | { readonly kind: 'pinned'; readonly reference: string }
  /** It was never pushed from here. */
  | { readonly kind: 'unknown' }
  /** It was pushed, and holds other sources than these. */
  | { readonly kind: 'other sources' };

function fileIn(cacheFolder: string): string {
  return path.join(cacheFolder, 'images.json');
}

/** Reads the records; none where there is no file, or a damaged one. */
export function readImageRecords(cacheFolder: string): ImageRecords {
  try {
    const document = JSON.parse(readFileSync(fileIn(cacheFolder), 'utf8')) as {
      readonly version?: unknown;
      readonly images?: ImageRecords;
    };
    return document.version === 1 ? (document.images ?? {}) : {};
  } catch {
    return {};
  }
}

/** Writes what was pushed under a reference, beside what is recorded of others. */
export function recordImage(cacheFolder: string, reference: string, record: ImageRecord): void {
  const images = { ...readImageRecords(cacheFolder), [reference]: record };
  writeWhole(fileIn(cacheFolder), canonicalJson({ version: 1, images }));
}

/** Finds the digest that a component's image has in its registry, where that image was made of the same sources. */
export function pinOf(reference: string, identity: ComponentIdentity, records: ImageRecords): Pin {
  const record = records[reference] ?? records[`${reference}:latest`];
  if (record === undefined) return { kind: 'unknown' };
  const sources = record.components[identity.code];
  if (sources?.natives !== identity.natives || sources?.recipe !== identity.recipe || sources === undefined)
    return { kind: 'other sources' };
  return { kind: 'pinned', reference: `${withoutTag(reference)}@${record.digest}` };
}

/** Names an image by the digest that it was last pushed with from this project, where it was; else as it is. */
export function lastPushed(reference: string, cacheFolder: string): string {
  const records = readImageRecords(cacheFolder);
  const record = records[reference] ?? records[`${reference}:latest`];
  return record === undefined ? reference : `${withoutTag(reference)}@${record.digest}`;
}

/** Takes the tag off a reference; the port of a registry is no tag. */
function withoutTag(reference: string): string {
  return reference.replace(/:[^:/]*$/, '');
}
