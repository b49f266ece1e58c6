import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ArtifactStore, AttemptKey, Bundles, CacheIndex, RunStore } from '../engine/ports.ts';
import { digestOf, hexOf } from '../spec/index.ts';
import type { AttemptStaging } from './artifacts/attempt-staging.ts';
import { bucketArtifacts } from './artifacts/bucket-artifacts.ts';
import { diskArtifacts, type RootArtifacts } from './artifacts/disk-artifacts.ts';
import { localCopies } from './artifacts/local-copies.ts';
import type { LogReader } from './artifacts/log-reader.ts';
import { outsideArtifacts } from './artifacts/outside-artifacts.ts';
import type { Bucket } from './buckets/bucket.ts';
import type { StoreEnv } from './buckets/gcs-client.ts';
import { openBucket } from './buckets/open-bucket.ts';
import { bucketBundles } from './bundles/bucket-bundles.ts';
import { diskBundles } from './bundles/disk-bundles.ts';
import { cacheIndex } from './cache/cache-index.ts';
import { storing } from './failure.ts';
import { bucketFiles } from './files/bucket-files.ts';
import { diskFiles } from './files/disk-files.ts';
import type { FileStore } from './files/file-store.ts';
import { makeFolder } from './make-folder.ts';
import { bucketObjects } from './objects/bucket-objects.ts';
import { diskObjects } from './objects/disk-objects.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { parseRoot, type BucketAddress } from './root-address.ts';
import { runStore } from './run-log/run-store.ts';

/** Everything under one pipeline root, as the ports that the engine asks for. */
export interface Root {
  /** The root's absolute path, or its URI. */
  readonly uri: string;
  /** Whether other machines see it too. */
  readonly shared: boolean;
  /** A file of this machine for the table of its runs. */
  readonly tableFile: string;
  readonly objects: ObjectStore;
  readonly files: FileStore;
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  readonly staging: AttemptStaging;
  readonly cache: CacheIndex;
  readonly bundles: Bundles;
  /** Reads the log of one attempt, secrets masked; undefined where nothing was printed. */
  readLog(attempt: AttemptKey): Promise<string | undefined>;
  /** Opens the log of one attempt, to read it while it grows. */
  followLog(attempt: AttemptKey): LogReader;
}

export interface RootOptions {
  /** Folders that hold bundles as `<hex>/`, such as a project's `.ferrule/cache/bundles`. @default none */
  readonly bundleFolders?: readonly string[];
  /**
   * A folder of this machine for copies of what lies in buckets, and for what is not uploaded yet. It may be deleted
   * whenever nothing runs. @default `~/.cache/ferrule`
   */
  readonly localFolder?: string;
  /** Names endpoints and credentials, as the SDKs of the object stores have them. @default the process's own */
  readonly env?: StoreEnv;
  /** What stands before the paths of attempts that stage for themselves, for tests outside of a pod. @default nothing */
  readonly mount?: string;
  /** Milliseconds after which a bucket that has not answered is not going to. @default 10 s */
  readonly answerWithin?: number;
}

const answerWithin = 10_000;

/**
 * Opens a pipeline root, making its folder where it is missing. A bucket is asked once, so that what is wrong with it
 * shows before anything starts.
 * @param uri a folder, `file://`, `gs://bucket/prefix` or `s3://bucket/prefix`
 * @throws UserError FER5002 for any other kind, FER5024 or FER5025, InfrastructureError FER5026
 */
export async function openRoot(uri: string, options: RootOptions = {}): Promise<Root> {
  const address = parseRoot(uri);
  const env = options.env ?? process.env;
  const local = options.localFolder ?? join(homedir(), '.cache', 'ferrule');
  const copies = localCopies(join(local, 'copies'));
  const outside = outsideArtifacts(copies, env);
  const sources = options.bundleFolders ?? [];
  if (address.kind === 'bucket') {
    const bucket = await openBucket(address, env);
    await askOnce(bucket, address, options.answerWithin ?? answerWithin);
    const prefix = address.prefix === '' ? '' : `${address.prefix}/`;
    const objects = bucketObjects(bucket, prefix);
    const files = bucketFiles(bucket, prefix);
    const own = hexOf(digestOf(address.uri)).slice(0, 16);
    const parts = { uri: address.uri, objects, files, copies, outside, mount: options.mount ?? '' };
    const workFolder = join(local, 'work', own);
    return {
      ...rootOf(objects, files, bucketArtifacts({ ...parts, workFolder })),
      uri: address.uri,
      shared: true,
      tableFile: join(local, 'runs', `${own}.sqlite`),
      // Each request costs time and money: what people wait for is looked at less often than a file.
      runs: runStore(objects, { cancelPoll: 2000, beat: 10_000, silence: 45_000 }),
      bundles: bucketBundles(files, join(local, 'bundles'), sources),
    };
  }
  const folder = await storing(`opening the root ${address.folder}`, async () => {
    await makeFolder(address.folder);
    return realpath(address.folder);
  });
  const objects = diskObjects(folder);
  return {
    ...rootOf(objects, diskFiles(folder), diskArtifacts(folder, objects, outside.fetch)),
    uri: folder,
    shared: false,
    tableFile: join(folder, 'runs.sqlite'),
    runs: runStore(objects),
    bundles: diskBundles(folder, sources),
  };
}

function rootOf(
  objects: ObjectStore,
  files: FileStore,
  { artifacts, staging, readLog }: RootArtifacts,
): Pick<Root, 'objects' | 'files' | 'artifacts' | 'staging' | 'cache' | 'readLog' | 'followLog'> {
  return {
    objects,
    files,
    artifacts,
    staging,
    cache: cacheIndex(objects),
    readLog: (attempt) => readLog(attempt).next(),
    followLog: readLog,
  };
}

/** Asks for one small object: it need not be there, but the bucket and the credentials must. */
async function askOnce(bucket: Bucket, { uri, prefix }: BucketAddress, within: number): Promise<void> {
  const doing = `opening the root ${uri}`;
  const patience = new AbortController();
  const tooLong = wait(within, undefined, { signal: patience.signal }).then(() => {
    throw bucket.error(new Error(`no answer within ${within / 1000} s`), doing);
  });
  try {
    const asked = bucket.probe(prefix, doing);
    asked.catch(() => undefined);
    await Promise.race([asked, tooLong]);
  } finally {
    patience.abort();
    tooLong.catch(() => undefined);
  }
}
