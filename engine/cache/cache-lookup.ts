/** Asks the cache, and tells it: a store that fails makes a miss and a warning, never a failed run. */
import { messageOf } from '../../errors/index.ts';
import { cacheEntryVersion, type CacheEntry } from './cache-entry.ts';
import type { CacheKey } from './cache-key.ts';
import type { CachingMode, Outputs } from '../events.ts';
import type { EnginePorts } from '../ports.ts';

export type Lookup =
  | { readonly kind: 'hit'; readonly entry: CacheEntry; readonly reason: string }
  | {
      readonly kind: 'miss';
      readonly reason: string;
      /** The entry that did not hold. */
      readonly stale?: CacheEntry;
      /** What went wrong with the store. */
      readonly trouble?: string;
    }
  | { readonly kind: 'off'; readonly reason: string };

export interface Question {
  readonly key: CacheKey;
  readonly caching: CachingMode;
  /** Whether the task must run whatever the cache has. */
  readonly anew: boolean;
}

type CachePorts = Pick<EnginePorts, 'cache' | 'artifacts' | 'clock'>;

/** Looks a task up. A hit's outputs were verified: they exist, unchanged. */
export async function lookUp({ key, caching, anew }: Question, ports: CachePorts): Promise<Lookup> {
  if (caching === 'off') return { kind: 'off', reason: 'the run was started without the cache' };
  if (key.kind === 'none') return { kind: 'off', reason: key.reason };
  try {
    const entry = await ports.cache.read(key.fingerprint);
    if (entry === undefined) return { kind: 'miss', reason: 'nothing in the cache has this fingerprint' };
    if (caching === 'refresh') return { kind: 'miss', reason: 'the run refreshes the cache', stale: entry };
    if (anew) return { kind: 'miss', reason: 'the run was started from here on', stale: entry };
    const age = (ports.clock.now() - Date.parse(entry.at)) / 1000;
    if (key.maxAge !== undefined && age > key.maxAge)
      return {
        kind: 'miss',
        reason: `the entry is ${Math.round(age)} s old, and holds for ${key.maxAge} s`,
        stale: entry,
      };
    const broken = await firstStale(entry.outputs, ports);
    if (broken !== undefined) return { kind: 'miss', reason: broken, stale: entry };
    return { kind: 'hit', entry, reason: `the same as "${entry.from.task}" of run ${entry.from.runId}` };
  } catch (error) {
    const trouble = messageOf(error);
    return { kind: 'miss', reason: `the cache cannot be read: ${trouble}`, trouble };
  }
}

/** Writes what a task gave into the cache; tells what went wrong, if anything did. */
export async function remember(
  entry: Omit<CacheEntry, 'version'>,
  stale: CacheEntry | undefined,
  ports: Pick<EnginePorts, 'cache'>,
): Promise<string | undefined> {
  const fresh = { ...entry, version: cacheEntryVersion };
  try {
    // Where another run came first, its entry is as good as this one.
    if (stale === undefined) await ports.cache.create(fresh);
    else await ports.cache.replace(stale, fresh);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function firstStale(outputs: Outputs, ports: CachePorts): Promise<string | undefined> {
  for (const artifact of Object.values(outputs.artifacts).flat()) {
    const found = await ports.artifacts.verify(artifact);
    if (found.kind === 'stale') return `an output in the cache no longer holds: ${found.reason}`;
  }
  return undefined;
}
