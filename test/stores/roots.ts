/** The kinds of pipeline root, each as real as it gets, for contracts that all of them keep. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openRoot, type Root, type RootOptions } from '../../stores/index.ts';
import { temporaryFolder } from './root-folder.ts';
import { gcsProgram, s3Program, startGcs, startS3, type StoreServer } from './servers.ts';

/** A root of one test, which other machines may open too. */
export interface OpenedRoot {
  readonly root: Root;
  /** Opens it as another machine would: with no copies of anything. */
  elsewhere(): Promise<Root>;
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
  const gcs = serverOf(() => startGcs(gcsProgram ?? ''));
  const s3 = serverOf(() => startS3(s3Program ?? ''));
  return [
    {
      name: 'a folder',
      absent: false,
      fresh: async (options = {}) => openings(join(await temporaryFolder(), 'root'), options),
    },
    { name: 'Google Cloud Storage', absent: gcsProgram === undefined, fresh: inBucket(gcs) },
    { name: 'S3', absent: s3Program === undefined, fresh: inBucket(s3) },
  ];
}

function inBucket(server: () => Promise<StoreServer>): RootKind['fresh'] {
  return async (options = {}) => {
    const { env, freshBucket } = await server();
    return openings(`${await freshBucket()}/team/root`, { env, ...options });
  };
}

async function openings(uri: string, options: RootOptions): Promise<OpenedRoot> {
  const elsewhere = async (): Promise<Root> =>
    openRoot(uri, { localFolder: join(await temporaryFolder(), 'local'), ...options });
  return { root: await elsewhere(), elsewhere };
}
