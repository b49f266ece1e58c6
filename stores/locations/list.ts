import { UserError } from '../../errors/index.ts';
import { filesOfBucket } from './bucket-files.ts';
import { fileOfFile, filesOfFolder, type LocationFile } from './folder-files.ts';
import {
  resolveLocation,
  type BucketLocation,
  type FileLocation,
  type FolderLocation,
  type IncludedLocation,
  type LocationOptions,
} from './location.ts';

/** What lies at a location. */
export type Listing =
  | {
      readonly kind: 'listed';
      readonly location: FolderLocation | FileLocation | BucketLocation;
      /** In code-unit order of their paths. At least one. */
      readonly files: readonly LocationFile[];
    }
  /** Data that travels with a component's code: only that component knows what is in it. */
  | { readonly kind: 'included'; readonly location: IncludedLocation };

/**
 * Lists the files of a location: a folder, a file, a bucket or a sample.
 * @throws UserError FER5020 to FER5027, each naming the location; FER5022 where it holds no files
 */
export async function listLocation(text: string, options: LocationOptions = {}): Promise<Listing> {
  const location = await resolveLocation(text, options);
  switch (location.kind) {
    case 'included':
      return { kind: 'included', location };
    case 'folder':
      return listed(location, await filesOfFolder(location, options.signal));
    case 'file':
      return listed(location, await fileOfFile(location));
    case 'bucket':
      return listed(location, await filesOfBucket(location, options));
    case 'other':
      throw new UserError('FER5020', {
        problem: `"${text}" cannot be listed: "${location.scheme}:" is not a kind of location that Ferrule reads`,
        fix: 'name a folder, a bucket (gs://bucket/prefix, s3://bucket/prefix) or sample:weather',
      });
  }
}

function listed(
  location: FolderLocation | FileLocation | BucketLocation,
  files: readonly LocationFile[],
): Listing {
  if (files.length > 0) return { kind: 'listed', location, files };
  const place = location.kind === 'bucket' ? location.uri : location.path;
  throw new UserError('FER5022', {
    problem: `${place} holds no files`,
    fix: 'put the data there, or check the name and the prefix',
  });
}
