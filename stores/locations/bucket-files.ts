import { UserError } from '../../errors/index.ts';
import { compareText } from '../../spec/json.ts';
import type { Bucket, ObjectFacts } from '../buckets/bucket.ts';
import { openBucket } from '../buckets/open-bucket.ts';
import { bucketFiles } from '../files/bucket-files.ts';
import type { LocationFile } from './folder-files.ts';
import { environmentOf, type BucketLocation, type LocationOptions } from './location.ts';

/**
 * Lists the objects of a bucket under its prefix, in code-unit order of their paths. A prefix that is the name of one
 * object stands for that object. Names that end in `/`, which consoles make for empty folders, are passed over.
 * @throws UserError FER5024 or FER5025, InfrastructureError FER5026; FER5027 for a name that no folder could hold
 */
export async function filesOfBucket(
  location: BucketLocation,
  options: LocationOptions = {},
): Promise<readonly LocationFile[]> {
  const { prefix } = location;
  const below = prefix === '' ? '' : `${prefix}/`;
  const bucket = await openBucket(location, environmentOf(options));
  // A wrong name or missing credentials show at once; what follows waits for a service that is busy.
  await bucket.probe(below, `listing ${location.uri}`);
  const files = await filesBelow(bucket, below, options.signal);
  if (files.length > 0 || prefix === '') return files;
  const one = await bucket.facts(prefix);
  return one === undefined ? [] : [fileOf(bucket, one, prefix.split('/').pop() ?? prefix)];
}

/** Opens one object for reading. */
export async function openObject(
  location: BucketLocation,
  object: string,
  options: LocationOptions = {},
): Promise<AsyncIterable<Uint8Array>> {
  const bucket = await openBucket(location, environmentOf(options));
  try {
    return (await bucket.open(object, 0, undefined)).stream;
  } catch (thrown) {
    throw bucket.error(thrown, `reading ${object}`);
  }
}

/**
 * Downloads one object to a file, making the folders above it. The file appears whole, or not at all; a connection that
 * breaks is taken up where it broke.
 */
export async function downloadObject(
  location: BucketLocation,
  { source, size }: LocationFile,
  destination: string,
  options: LocationOptions = {},
): Promise<void> {
  const bucket = await openBucket(location, environmentOf(options));
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  await bucketFiles(bucket, '').download(source, destination, { size, ...signal });
}

async function filesBelow(bucket: Bucket, prefix: string, signal?: AbortSignal): Promise<LocationFile[]> {
  const files: LocationFile[] = [];
  for await (const page of bucket.list(prefix)) {
    signal?.throwIfAborted();
    for (const facts of page)
      if (!facts.key.endsWith('/')) files.push(fileOf(bucket, facts, facts.key.slice(prefix.length)));
  }
  return files.sort((a, b) => compareText(a.path, b.path));
}

function fileOf({ uri }: Bucket, { key, size, checksum }: ObjectFacts, path: string): LocationFile {
  const wrong = path.split('/').some((name) => name === '' || name === '.' || name === '..');
  if (wrong || path.includes('\0') || path.includes('\\'))
    throw new UserError('FER5027', {
      problem: `${uri} holds an object named ${JSON.stringify(path)}, which cannot be a path in a folder`,
      fix: 'rename or remove the object, or name a prefix that does not hold it',
    });
  return { path, size, checksum, source: key };
}
