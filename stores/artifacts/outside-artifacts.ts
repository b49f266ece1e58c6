import { basename } from 'node:path';
import { UserError } from '../../errors/index.ts';
import { digestOfJson } from '../../spec/index.ts';
import { openBucket } from '../buckets/open-bucket.ts';
import type { StoreEnv } from '../buckets/gcs-client.ts';
import { bucketFiles } from '../files/bucket-files.ts';
import type { FileStore, ListedFile } from '../files/file-store.ts';
import { parseBucketUri } from '../root-address.ts';
import type { LocalCopies } from './local-copies.ts';
import { downloadFiles } from './transfer-artifact.ts';

/** Brings what lies in an object store outside the root. */
export interface OutsideArtifacts {
  /** To a copy on this machine: gives its path. A URI of another kind is given back as it is. */
  readonly fetch: (uri: string) => Promise<string>;
  /** To a path that was chosen. Nothing happens for a URI of another kind. */
  bring(uri: string, path: string): Promise<void>;
}

/** What lies at a URI: one object, or those below it. */
interface Found {
  /** As it is written without what makes no difference. */
  readonly uri: string;
  readonly files: FileStore;
  readonly prefix: string;
  readonly folder: boolean;
  readonly listed: readonly ListedFile[];
}

/** Looks at each URI anew: a copy stands for what a listing said. */
export function outsideArtifacts(copies: LocalCopies, env: StoreEnv): OutsideArtifacts {
  return {
    async fetch(uri) {
      const found = await find(uri, env);
      if (found === undefined) return uri;
      const { prefix, listed } = found;
      const facts = listed.map(({ key, size, checksum }) => [key.slice(prefix.length), size, checksum]);
      return copies.obtain(digestOfJson([found.uri, facts]), basename(found.uri), (path) =>
        receive(found, path),
      );
    },
    async bring(uri, path) {
      const found = await find(uri, env);
      if (found !== undefined) await receive(found, path);
    },
  };
}

/** @throws UserError FER5022 where nothing lies there */
async function find(uri: string, env: StoreEnv): Promise<Found | undefined> {
  const address = parseBucketUri(uri);
  if (address === undefined) return undefined;
  const files = bucketFiles(await openBucket(address, env), '');
  const key = address.prefix;
  const prefix = key === '' ? '' : `${key}/`;
  const [one, below] = await Promise.all([key === '' ? undefined : files.look(key), files.list(prefix)]);
  const listed = below.filter((file) => !file.key.endsWith('/'));
  if (listed.length > 0) return { uri: address.uri, files, prefix, folder: true, listed };
  if (one !== undefined) return { uri: address.uri, files, prefix: key, folder: false, listed: [one] };
  throw new UserError('FER5022', {
    problem: `nothing lies at ${uri}`,
    fix: 'check the URI that the importer was given',
  });
}

async function receive({ files, prefix, folder, listed }: Found, path: string): Promise<void> {
  const [only] = listed;
  if (folder) await downloadFiles(files, listed, prefix, path);
  else if (only !== undefined) await files.download(only.key, path, { size: only.size });
}
