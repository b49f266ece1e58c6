import { InternalError } from '../errors/index.ts';
import type { ArtifactStore, Bundles, CacheIndex, RunStore } from '../engine/ports.ts';

/** Everything under one pipeline root, as the ports that the engine asks for. */
export interface Root {
  /** The root's absolute path or URI. */
  readonly uri: string;
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  readonly cache: CacheIndex;
  readonly bundles: Bundles;
  /** The log of one attempt, secrets masked: its text, or undefined where nothing was printed. */
  readLog(attempt: { runId: string; task: string; number: number }): Promise<string | undefined>;
}

export interface RootOptions {
  /** Folders that hold bundles as `<hex>/`, such as a project's `.ferrule/cache/bundles`. @default none */
  readonly bundleFolders?: readonly string[];
}

/**
 * Opens a pipeline root, making its folder where it is missing.
 * @param uri a folder; object stores come later
 * @throws UserError FER5002 for a kind of root that is not supported
 */
export function openRoot(_uri: string, _options: RootOptions = {}): Promise<Root> {
  throw new InternalError('FER4000', { problem: 'stores are not there yet' });
}
