import type { CompiledPipeline } from '../spec/index.ts';
import type { CachingMode } from './events.ts';
import type { Journal } from './journal.ts';
import type { RunFacts } from './graph/resolve.ts';
import type { EnginePorts } from './ports.ts';
import type { Slots } from './slots.ts';

/** What every task of a run shares, and a signal of its own. */
export interface RunContext {
  readonly ports: EnginePorts;
  readonly compiled: CompiledPipeline;
  readonly facts: RunFacts;
  /** Gives the fingerprint that a task had when the cache was last asked; undefined where it was not. */
  readonly fingerprintOf: (task: string) => string | undefined;
  readonly caching: CachingMode;
  readonly journal: Journal;
  /** For attempts. */
  readonly attempts: Slots;
  /** For lookups in the cache, which must not wait for attempts. */
  readonly lookups: Slots;
  /** Aborted when the run is cancelled, or its log is lost. */
  readonly signal: AbortSignal;
}
