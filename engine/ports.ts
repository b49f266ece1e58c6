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
  KubernetesExecutorConfig,
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
  /** Where one container's attempts will run, where that depends on what it asks for. @default `platform` */
  platformFor?(container: ContainerSpec): Platform;
  readonly staging: Staging;
  /**
   * Tells why it cannot run a container at all, before anything starts; undefined where it can. Must not touch
   * network or disk.
   */
  refuse(
    container: ContainerSpec,
    identity: ComponentIdentity | undefined,
    kubernetes: KubernetesExecutorConfig | undefined,
  ): Failure | undefined;
  /**
   * Finds what an image's tag stands for now, as a reference with a digest; undefined where that cannot be told.
   * Without this method no tag is resolved, and containers of others that are named by one are not cached.
   */
  resolveImage?(image: string): Promise<string | undefined>;
  /**
   * Starts an attempt and waits for its end. Never rejects for what a component does: that is an outcome. Starting
   * an attempt whose name is taken must not start a second one.
   * Promises when it resolves: no process of the attempt writes to its folder any more, and all of its lines are in
   * `sink`. `attempt.signal` aborted = end it and resolve with `cancelled`; aborted with the reason `released` = the
   * run goes on elsewhere: stop watching, resolve with `cancelled`, and leave alone what outlives this process.
   */
  start(attempt: Attempt, sink: AttemptSink): Promise<Outcome>;
  /** Finds an attempt that another driver started. `absent` where the platform knows none, whatever became of it. */
  adopt(attempt: Attempt, sink: AttemptSink): Promise<Adoption>;
  /** Ends what the runner holds between attempts, such as idle workers. Called by whoever made it, once. */
  close(): Promise<void>;
}

/**
 * Who brings inputs to an attempt and keeps its outputs. `driver`: the attempt sees paths of this machine, and the
 * driver seals what it wrote. `attempt`: it works for itself, on URIs of the root, and writes its own result.
 */
type Staging = 'driver' | 'attempt';

/** The reason of an aborted signal that does not cancel: another process drives the run from here on. */
export const released: unique symbol = Symbol('released');

/** One try of one task. */
export interface Attempt {
  /** At most 63 characters of `[a-z0-9-]`; a hash of run, task path and number: unique for good. */
  readonly name: string;
  readonly runId: string;
  readonly pipeline: string;
  /** When the run was started, ISO 8601. */
  readonly startedAt: string;
  /** The task's path. */
  readonly task: string;
  /** Counted from 1. */
  readonly number: number;
  /** As the spec has it, but for the image, whose tag may be resolved: placeholders in the rest are left as they are. */
  readonly container: ContainerSpec;
  /** Read from the container, where it is a component of ours. */
  readonly identity?: ComponentIdentity;
  /** The component's interface. */
  readonly component: ComponentSpec;
  /**
   * Parameters with defaults filled in, artifacts and output places. Where the driver stages, URIs are absolute paths
   * of this machine: the folders around output places exist, what they name does not. Else they are URIs of the root.
   */
  readonly input: ExecutorInput;
  /** An empty folder of this attempt alone where files besides the outputs may go, on the machine that it runs on. */
  readonly folder: string;
  /** Settings of the platform spec, inputs filled in: each `...Parameter` field holds its value. */
  readonly kubernetes?: KubernetesExecutorConfig;
  /** End the attempt after so many seconds, with the failure FER6xxx for time-outs. */
  readonly timeoutSeconds?: number;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** Takes what an attempt prints: complete lines without their break, secrets already masked, in order. */
export interface LogSink {
  line(text: string): void;
}

/** Takes what there is to tell of an attempt while it goes on. */
export interface AttemptSink extends LogSink {
  /** Lines that are stored already. A runner that reads an attempt's log from its start again leaves out so many. */
  readonly kept: number;
  /** Tells where the attempt stands on its platform, whenever that changes. */
  progress(progress: AttemptProgress): void;
}

export type AttemptProgress =
  /** It cannot begin yet: why, in words for people. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** It runs; `on` names the machine, where that is known. */
  | { readonly kind: 'running'; readonly on?: string };

export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly output: ExecutorOutput;
      /** Why the result must not be cached, such as a Node.js other than the recipe's. */
      readonly uncacheable?: string;
    }
  /** The attempt has ended, and wrote its own result: only where it stages for itself. */
  | {
      readonly kind: 'sealed';
      /** The image that was used, with its digest, where that is known. */
      readonly image?: string;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** The platform took it away, by no fault of the component: preempted, evicted, its machine gone. */
  | { readonly kind: 'lost'; readonly reason: string };

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
  /** Opens the attempt's log. */
  openLog(attempt: AttemptKey): Promise<AttemptLog>;
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
}

export type OutsideDigest =
  | { readonly kind: 'digest'; readonly digest: Digest; readonly size: number; readonly files: number }
  | { readonly kind: 'undigestable'; readonly reason: string };
