import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors/index.ts';

/** Where a pipeline root lies. */
export type RootAddress = FolderAddress | BucketAddress;

interface FolderAddress {
  readonly kind: 'folder';
  /** Absolute. */
  readonly folder: string;
}

/** A bucket, or what lies under one prefix of it. */
export interface BucketAddress {
  readonly kind: 'bucket';
  readonly service: 'gcs' | 's3';
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** `gs://bucket/prefix` or `s3://bucket/prefix`. */
  readonly uri: string;
}

const services = { gs: 'gcs', s3: 's3', minio: 's3' } as const;
/** What a bucket may be called. */
export const bucketName = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/**
 * Reads the text of a pipeline root: a folder, `file://`, `gs://bucket/prefix` or `s3://bucket/prefix`. `minio://` is
 * another way to write `s3://`.
 * @throws UserError FER5002 for any other kind, or what cannot be a bucket's name
 */
export function parseRoot(text: string): RootAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(text)?.[1];
  if (scheme === undefined) return { kind: 'folder', folder: resolve(text) };
  if (scheme === 'file') return { kind: 'folder', folder: fileURLToPath(text) };
  const address = parseBucketUri(text);
  if (address === undefined)
    throw new UserError('FER5002', {
      problem: `the pipeline root ${text} is of the kind "${scheme}://", which is not supported`,
      fix: 'give a folder (--root ./runs) or a bucket (gs://bucket/prefix, s3://bucket/prefix)',
    });
  return address;
}

/**
 * Reads the URI of something in a bucket; undefined for anything that is not in one.
 * @throws UserError of the code for what cannot be a bucket's name, or a path in one
 */
export function parseBucketUri(
  text: string,
  code: 'FER5002' | 'FER5020' = 'FER5002',
): BucketAddress | undefined {
  const [, scheme = '', bucket = '', rest = ''] = /^(gs|s3|minio):\/\/([^/]*)\/?(.*?)\/*$/.exec(text) ?? [];
  const service = scheme in services ? services[scheme as keyof typeof services] : undefined;
  if (service === undefined) return undefined;
  if (!bucketName.test(bucket))
    throw new UserError(code, {
      problem: `"${text}" names no bucket: "${bucket}" cannot be a bucket's name`,
      fix: `write ${scheme}://bucket or ${scheme}://bucket/prefix`,
    });
  if (
    rest.split('/').some((name, _, all) => (name === '' && all.length > 1) || name === '.' || name === '..')
  )
    throw new UserError(code, {
      problem: `"${text}" has an empty part, "." or ".." in its path`,
      fix: `write ${scheme}://${bucket}/prefix with single slashes`,
    });
  const written = service === 'gcs' ? 'gs' : 's3';
  const uri = `${written}://${bucket}${rest === '' ? '' : `/${rest}`}`;
  return { kind: 'bucket', service, bucket, prefix: rest, uri };
}
