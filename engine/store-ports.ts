/** What the engine asks of whatever keeps runs, artifacts, cache entries and code. */
import type {
  CompiledPipeline,
  ComponentSpec,
  Digest,
  ExecutorInput,
  ExecutorOutput,
} from '../spec/index.ts';
import type { CacheEntry } from './cache/cache-entry.ts';
import type { ArtifactRecord, Failure, LogEntry, Outputs } from './events.ts';
import type { Platform } from './platform.ts';
import type { LogSink, Staging } from './runner-port.ts';

/** Runs under a pipeline root. */
export interface RunStore {
  /** Makes a run with its spec; `exists` where the id is taken. */
  create(runId: string, compiled: CompiledPipeline): Promise<'created' | 'exists'>;
  /** Reads the spec of a run; undefined where there is no such run. */
  spec(runId: string): Promise<CompiledPipeline | undefined>;
  log(runId: string): RunLog;
  /** Lists the runs, newest first. */
  list(): Promise<readonly RunListing[]>;
  /** Asks whoever drives the run, here or elsewhere, to cancel it; the second time, not to wait for exit tasks either. */
  requestCancel(runId: string, reason: string): Promise<void>;
  /** Forgets a request to cancel: the run is to go on. */
  forgetCancel(runId: string): Promise<void>;
  /**
   * Calls back when a cancel is asked for, the first and the second time, at once where it already was; returns how to
   * stop watching.
   */
  watchCancel(runId: string, onCancel: (reason: string) => void): () => void;
  /**
   * Lets others see that this process drives the run, until what it gives back is called. Never fails.
   * @param driver the driver's own id, as in the log's entries
   */
  attend(runId: string, driver: string): Promise<() => Promise<void>>;
  /** Tells who drives the run now; undefined where nobody does, so that a run without an end was interrupted. */
  driverOf(runId: string): Promise<Driver | undefined>;
}

/** A process that drives a run. */
export interface Driver {
  readonly host: string;
  readonly pid: number;
}

export interface RunListing {
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The truth of one run: append-only, and the fence between two drivers. */
export interface RunLog {
  /** Writes an entry only if there is none with its number: the first of two drivers wins. */
  append(entry: LogEntry): Promise<'appended' | 'conflict'>;
  /** Reads the entries from a number on, in order, to the last one there is. */
  read(from: number): AsyncIterable<LogEntry>;
}

/** Which attempt: enough to find its folder. */
export interface AttemptKey {
  readonly runId: string;
  readonly task: string;
  readonly number: number;
}

/** An attempt's places, before it starts. */
export interface AttemptPlaces {
  /** `Attempt.folder`. */
  readonly folder: string;
  readonly outputs: ExecutorInput['outputs'];
}

/** What `result.json` of an attempt holds: written last, and only if absent. It is the outcome. */
export type AttemptResult =
  | {
      readonly kind: 'succeeded';
      readonly outputs: Outputs;
      readonly uncacheable?: string;
      /** Where it was made, where the attempt itself knows better than its runner. */
      readonly platform?: Platform;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface SealOptions {
  /** Whether an output artifact without a file is a failure; metrics need none. */
  readonly strict: boolean;
  readonly uncacheable?: string;
}

/** The log of an attempt, open for writing. */
export interface AttemptLog extends LogSink {
  /** Lines that an earlier driver stored. */
  readonly kept: number;
  /** Waits until all lines are stored. */
  close(): Promise<void>;
}

/** What an attempt that stages for itself must know: written for it before it starts. */
export interface Assignment {
  readonly attempt: AttemptKey;
  /** When the run was started, ISO 8601. */
  readonly startedAt: string;
  readonly component: ComponentSpec;
  /** As `Attempt.input`. */
  readonly input: ExecutorInput;
  /** The input artifacts with their digests, in the order of `input`. */
  readonly artifacts: Readonly<Record<string, readonly ArtifactRecord[]>>;
  readonly strict: boolean;
}

export interface ArtifactStore {
  /** Names the places an attempt writes to. Makes nothing. */
  places(attempt: AttemptKey, component: ComponentSpec, staging: Staging): AttemptPlaces;
  /** Makes them on this machine, for an attempt that has not started: empty, whatever lay there. */
  prepare(attempt: AttemptKey, component: ComponentSpec): Promise<AttemptPlaces>;
  /** Writes what an attempt that stages for itself must know. */
  assign(assignment: Assignment): Promise<void>;
  /**
   * Brings an artifact to this machine, where it is not yet: returns its absolute path. What lies in an object store
   * outside the root is brought too; any other URI is returned as it is.
   */
  fetch(artifact: ArtifactRecord): Promise<string>;
  /**
   * Opens the attempt's log.
   * @param isNew the attempt has not started: there is nothing of it to look for. @default false
   */
  openLog(attempt: AttemptKey, isNew?: boolean): Promise<AttemptLog>;
  /** Digests what the attempt wrote and writes its result if absent; returns the result that is there then. */
  seal(
    attempt: AttemptKey,
    component: ComponentSpec,
    output: ExecutorOutput,
    options: SealOptions,
  ): Promise<AttemptResult>;
  /** Reads the result of an attempt; undefined where it has none. */
  result(attempt: AttemptKey): Promise<AttemptResult | undefined>;
  /** Tells whether an artifact is still what its record says. */
  verify(artifact: ArtifactRecord): Promise<Verification>;
  /** Resolves a record's URI for people, and for attempts that stage for themselves: an absolute path, or a URI. */
  locate(uri: string): string;
}

export type Verification = { readonly kind: 'intact' } | { readonly kind: 'stale'; readonly reason: string };

/** Cache entries by fingerprint. Whatever it throws makes a miss and a warning, never a failed run. */
export interface CacheIndex {
  read(fingerprint: Digest): Promise<CacheEntry | undefined>;
  /** Writes an entry if there is none. */
  create(entry: CacheEntry): Promise<'created' | 'exists'>;
  /** Writes an entry over the very one that was judged stale; `changed` where another came first. */
  replace(stale: CacheEntry, entry: CacheEntry): Promise<'replaced' | 'changed'>;
}

/** Code of components by digest. */
export interface Bundles {
  /** Finds a bundle's folder, and keeps a copy under the root so that a resume needs nothing else. */
  folderOf(code: Digest): Promise<string | undefined>;
}

/** Digests what lies at a location that a component reads by itself: a folder, a bucket, a `sample:` name. */
export interface OutsideData {
  digest(location: string): Promise<OutsideDigest>;
  /** Gives a location that is relative to where the pipeline is as one that holds everywhere. @default as it is */
  resolve?(location: string): string;
}

export type OutsideDigest =
  | { readonly kind: 'digest'; readonly digest: Digest; readonly size: number; readonly files: number }
  | { readonly kind: 'undigestable'; readonly reason: string };
