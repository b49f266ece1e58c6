import type { CompiledPipeline, JsonValue } from '../spec/index.ts';
import type { CachingMode } from './events.ts';
import type { Slots } from './slots.ts';

/** What to run. */
export interface RunRequest {
  readonly compiled: CompiledPipeline;
  /** Checked against their types, defaults filled in. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** `[a-z0-9][a-z0-9-]*`, at most 63 characters, new under this root. */
  readonly runId: string;
  /** `off` neither reads nor writes the cache, `refresh` writes only. */
  readonly caching: CachingMode;
  /** Most attempts at a time. */
  readonly concurrency: number;
  /** Runs this task, and of the others those that it needs; the rest is skipped. */
  readonly only?: string;
  /** Runs this task and all that follow from it anew, whatever the cache has. */
  readonly from?: string;
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** How to drive a run, whoever started it. */
export interface DriveOptions {
  /** Aborted to cancel the run: attempts are ended, and the run's log gets its end. */
  readonly signal?: AbortSignal;
  /** Aborted to let go of the run: this driver stops, attempts that outlive it go on, and another may resume. */
  readonly release?: AbortSignal;
  /** Whether a cancel that was asked for before this driver came counts: it takes up what another left. @default false */
  readonly heedCancel?: boolean;
  /** Places for attempts that several runs share. @default the run has its own, as many as `concurrency` says */
  readonly slots?: Slots;
  /** Most attempts at a time, for a resume. @default as the run was started */
  readonly concurrency?: number;
}
