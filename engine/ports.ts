/**
 * What the engine needs from the world. It has no clock, files, processes or randomness of its own: all of it comes
 * through here, so that a run can be played in memory and a backend is one implementation away.
 */
import type {
  ComponentIdentity,
  ComponentSpec,
  CompiledPipeline,
  ContainerSpec,
  Digest,
  ExecutorInput,
  ExecutorOutput,
} from '../spec/index.ts';
import type { CacheEntry } from './cache-entry.ts';
import type { ArtifactRecord, Failure, LogEntry, LogLine, Outputs, RunEvent } from './events.ts';
import type { Platform } from './platform.ts';

// Stores and runners know the engine by this file alone: the log's format and its fold are part of it.
export * from './cache-entry.ts';
export * from './events.ts';
export * from './events-of.ts';
export * from './platform.ts';
export * from './run-state.ts';

export interface EnginePorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly runner: Runner;
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  readonly cache: CacheIndex;
  readonly bundles: Bundles;
  readonly outsideData: OutsideData;
  readonly observer: Observer;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits; returns early, without an error, once the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface Ids {
  /** Makes a text that no other call on any machine makes. */
  unique(): string;
}

/** Sees everything, at once and in order; what it throws is its own problem and never reaches the run. */
export interface Observer {
  /** Called after the event is in the log. */
  event(event: RunEvent): void;
  log(line: LogLine): void;
  /** Called with each event of earlier drivers, when a run is taken up: before any other. */
  history?(event: RunEvent): void;
}

// --- Runner ---------------------------------------------------------------------------------------------------------

/**
 * Runs attempts of tasks somewhere. A runner keeps no record of its own: what it must find again after its driver
 * died, it finds by the attempt's name.
 */
export interface Runner {
  /** What kind it is, such as `local`: recorded with attempts and cache entries. */
  readonly name: string;
  /** Where attempts will run: recorded with cache entries, in the key where a component varies by it. */
  readonly platform: Platform;
  /**
   * Tells why it cannot run a container at all, before anything starts; undefined where it can. Must not touch
   * network or disk.
   */
  refuse(container: ContainerSpec, identity: ComponentIdentity | undefined): Failure | undefined;
  /**
   * Starts an attempt and waits for its end. Never rejects for what a component does: that is an outcome. Starting
   * an attempt whose name is taken must not start a second one.
   * Promises when it resolves: no process of the attempt writes to its folder any more, and all of its lines are in
   * `log`. `attempt.signal` aborted = end it and resolve with `cancelled`.
   */
  start(attempt: Attempt, log: LogSink): Promise<Outcome>;
  /** Finds an attempt that another driver started. `absent` where it is not running, whatever became of it. */
  adopt(attempt: Attempt, log: LogSink): Promise<Adoption>;
  /** Ends what the runner holds between attempts, such as idle workers. Called by whoever made it, once. */
  close(): Promise<void>;
}

/** One try of one task. */
export interface Attempt {
  /** At most 63 characters of `[a-z0-9-]`; a hash of run, task path and number: unique for good. */
  readonly name: string;
  readonly runId: string;
  readonly pipeline: string;
  /** The task's path. */
  readonly task: string;
  /** Counted from 1. */
  readonly number: number;
  /** As the spec has it: placeholders in command, args and env are not resolved. */
  readonly container: ContainerSpec;
  /** Read from the container, where it is a component of ours. */
  readonly identity?: ComponentIdentity;
  /** The component's interface. */
  readonly component: ComponentSpec;
  /**
   * Parameters with defaults filled in, artifacts and output places. URIs are resolved: absolute paths under a root
   * that is a folder. The folders around output places exist, what they name does not.
   */
  readonly input: ExecutorInput;
  /** An empty folder of this attempt alone on this machine, where files besides the outputs may go. */
  readonly folder: string;
  /** End the attempt after so many seconds, with the failure FER6xxx for time-outs. */
  readonly timeoutSeconds?: number;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** Takes what an attempt prints: complete lines without their break, secrets already masked, in order. */
export interface LogSink {
  line(text: string): void;
}

export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly output: ExecutorOutput;
      /** Why the result must not be cached, such as a Node.js other than the recipe's. */
      readonly uncacheable?: string;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' };

export type Adoption =
  | { readonly kind: 'running'; readonly outcome: Promise<Outcome> }
  | { readonly kind: 'absent' };

// --- Stores ---------------------------------------------------------------------------------------------------------

/** Runs under a pipeline root. */
export interface RunStore {
  /** Makes a run with its spec; `exists` where the id is taken. */
  create(runId: string, compiled: CompiledPipeline): Promise<'created' | 'exists'>;
  /** Reads the spec of a run; undefined where there is no such run. */
  spec(runId: string): Promise<CompiledPipeline | undefined>;
  log(runId: string): RunLog;
  /** Lists the runs, newest first. */
  list(): Promise<readonly RunListing[]>;
  /** Asks whoever drives the run, here or elsewhere, to cancel it. */
  requestCancel(runId: string, reason: string): Promise<void>;
  /** Forgets a request to cancel: the run is to go on. */
  forgetCancel(runId: string): Promise<void>;
  /** Calls back once when a cancel is asked for, at once where it already was; returns how to stop watching. */
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
  | { readonly kind: 'succeeded'; readonly outputs: Outputs; readonly uncacheable?: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface SealOptions {
  /** Whether an output artifact without a file is a failure; metrics need none. */
  readonly strict: boolean;
  readonly uncacheable?: string;
}

export interface ArtifactStore {
  /** Names the places an attempt writes to. Makes nothing. */
  places(attempt: AttemptKey, component: ComponentSpec): AttemptPlaces;
  /** Makes them, for an attempt that has not started: empty, whatever lay there. */
  prepare(attempt: AttemptKey, component: ComponentSpec): Promise<AttemptPlaces>;
  /** Opens the attempt's log; `close` waits until all lines are stored. */
  openLog(attempt: AttemptKey): LogSink & { close(): Promise<void> };
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
  /** Resolves a record's URI to what a component is given: an absolute path, or a URI of an object store. */
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
}

export type OutsideDigest =
  | { readonly kind: 'digest'; readonly digest: Digest; readonly size: number; readonly files: number }
  | { readonly kind: 'undigestable'; readonly reason: string };
