import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors/index.ts';
import type { ArtifactStore, AttemptKey, Bundles, CacheIndex, RunStore } from '../engine/ports.ts';
import { attemptFolder, belowRoot } from './artifacts/attempt-folder.ts';
import { diskArtifacts } from './artifacts/disk-artifacts.ts';
import { diskBundles } from './bundles/disk-bundles.ts';
import { cacheIndex } from './cache/cache-index.ts';
import { errnoOf, storing } from './failure.ts';
import { makeFolder } from './make-folder.ts';
import { diskObjects } from './objects/disk-objects.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { runStore } from './run-log/run-store.ts';

/** Everything under one pipeline root, as the ports that the engine asks for. */
export interface Root {
  /** The root's absolute path or URI. */
  readonly uri: string;
  readonly objects: ObjectStore;
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  readonly cache: CacheIndex;
  readonly bundles: Bundles;
  /** Reads the log of one attempt, secrets masked; undefined where nothing was printed. */
  readLog(attempt: AttemptKey): Promise<string | undefined>;
}

export interface RootOptions {
  /** Folders that hold bundles as `<hex>/`, such as a project's `.ferrule/cache/bundles`. @default none */
  readonly bundleFolders?: readonly string[];
}

/**
 * Opens a pipeline root, making its folder where it is missing.
 * @param uri a folder, or `file://`; object stores come later
 * @throws UserError FER5002 for a kind of root that is not supported
 */
export async function openRoot(uri: string, options: RootOptions = {}): Promise<Root> {
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(uri) && !uri.startsWith('file://'))
    throw new UserError('FER5002', {
      problem: `the pipeline root ${uri} is not a folder`,
      fix: 'give a folder of this machine: --root ./runs',
    });
  const given = resolve(uri.startsWith('file://') ? fileURLToPath(uri) : uri);
  const folder = await storing(`opening the root ${given}`, async () => {
    await makeFolder(given);
    return realpath(given);
  });
  const objects = diskObjects(folder);
  return {
    uri: folder,
    objects,
    runs: runStore(objects),
    artifacts: diskArtifacts(folder, objects),
    cache: cacheIndex(objects),
    bundles: diskBundles(folder, options.bundleFolders ?? []),
    readLog: (attempt) =>
      storing(`reading the log of ${attempt.task}`, async () => {
        try {
          return await readFile(belowRoot(folder, `${attemptFolder(attempt)}/log.txt`), 'utf8');
        } catch (error) {
          if (errnoOf(error) === 'ENOENT') return undefined;
          throw error;
        }
      }),
  };
}
