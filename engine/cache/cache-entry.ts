import type { Digest } from '../../spec/index.ts';
import type { Outputs } from '../events.ts';
import type { Platform } from '../platform.ts';

/** What the cache knows of one computation. */
export interface CacheEntry {
  readonly version: number;
  readonly fingerprint: Digest;
  readonly outputs: Outputs;
  /** When it was made, ISO 8601: for components whose entries age. */
  readonly at: string;
  /** Where the outputs were made: shown by `why`, no part of the key. */
  readonly from: { readonly runId: string; readonly task: string; readonly runner: string };
  readonly platform: Platform;
}

export const cacheEntryVersion = 1;
