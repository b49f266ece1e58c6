/** The kinds of pipeline root, each as real as it gets, for contracts that all of them keep. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { StoreEnv } from '../../stores/buckets/gcs-client.ts';
import { openRoot, type Root, type RootOptions } from '../../stores/index.ts';
import { temporaryFolder } from './root-folder.ts';
import { startGcs, startS3, type StoreServer } from './servers.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';

/** A root of one test, which other machines may open too. */
export interface OpenedRoot {
  readonly root: Root;
  /** Opens it as another machine would: with no copies of anything. */
  readonly elsewhere: (options?: RootOptions) => Promise<Root>;
  /** What leads clients to its server. */
  readonly env: StoreEnv;
}

export interface RootKind {
  readonly name: string;
  /** Whether the program that it needs is absent. */
  readonly absent: boolean;
  /** Makes a root with nothing in it. */
  fresh(options?: RootOptions): Promise<OpenedRoot>;
}

/** The server of a kind of bucket, started at its first use and ended after the file's tests. */
export function serverOf(start: () => Promise<StoreServer>): () => Promise<StoreServer> {
  let starting: Promise<StoreServer> | undefined;
  afterAll(async () => (await starting)?.stop());
  return () => (starting ??= start());
}

/** Gives the kinds of root. Call it once in a test file, at its top. */
export function rootKinds(): readonly RootKind[] {
  const gcs = serverOf(() => startGcs(fakeGcs ?? ''));
  const s3 = serverOf(() => startS3(versitygw ?? ''));
  return [
    {
      name: 'a folder',
      absent: false,
      fresh: async (options = {}) => openings(join(await temporaryFolder(), 'root'), options),
    },
    { name: 'Google Cloud Storage', absent: fakeGcs === undefined, fresh: inBucket(gcs) },
    { name: 'S3', absent: versitygw === undefined, fresh: inBucket(s3) },
  ];
}

function inBucket(server: () => Promise<StoreServer>): RootKind['fresh'] {
  return async (options = {}) => {
    const { env, freshBucket } = await server();
    return openings(`${await freshBucket()}/team/root`, { env, ...options });
  };
}

async function openings(uri: string, options: RootOptions): Promise<OpenedRoot> {
  const elsewhere = async (more: RootOptions = {}): Promise<Root> =>
    openRoot(uri, { localFolder: join(await temporaryFolder(), 'local'), ...options, ...more });
  return { root: await elsewhere(), elsewhere, env: options.env ?? {} };
}
