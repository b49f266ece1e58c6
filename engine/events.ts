/**
 * What happens in a run, as its log has it: plain JSON, one version for all. Whoever shows, queries or resumes a run
 * reads these and nothing else.
 */
import type { ArtifactTypeSchema, Digest, JsonValue, ParameterType, StepReport } from '../spec/index.ts';
import type { FingerprintFields } from './cache/fingerprint.ts';
import type { Platform } from './platform.ts';

/** Version of the log's format. A reader refuses a newer one. */
export const logVersion = 1;

/** One object of a run's log: what one engine tick recorded. */
export interface LogEntry {
  readonly version: number;
  /** Place in the log, from 0, without gaps. */
  readonly seq: number;
  /** The driver that wrote it: a run that was resumed has several. */
  readonly driver: string;
  readonly events: readonly RunEvent[];
}

export type CachingMode = 'on' | 'off' | 'refresh';

/**
 * What a path in the graph stands for. A `dag` has tasks of its own below it, `<path>/<name>`; a `loop` has its
 * iterations, `<path>/<index>`, each a dag or a component.
 */
export type TaskKind = 'component' | 'importer' | 'dag' | 'loop';

/** A task as it becomes known to a run. */
export interface TaskFacts {
  /** Where the task is: its name, behind those of the tasks around it (`inner/train`). */
  readonly path: string;
  readonly kind: TaskKind;
  /** Key of its component in the spec. */
  readonly component: string;
  /** Name shown to people, where it differs. */
  readonly displayName?: string;
  /** Paths of the tasks that it waits for. */
  readonly after: readonly string[];
  /** Whether it is an exit task, or inside of one: it runs whatever became of the rest, also after a cancel. */
  readonly exit?: true;
}

/** An artifact with its content and where it came from. */
export interface ArtifactRecord {
  readonly name: string;
  readonly type: ArtifactTypeSchema;
  /** Relative to the pipeline root (`runs/…`) for what lies under it, else absolute. `ArtifactStore.locate` resolves it. */
  readonly uri: string;
  /** What the component recorded: metrics, curves, anything. */
  readonly metadata: Readonly<Record<string, JsonValue>>;
  /** Digest of the file's bytes, or of the folder; absent where it is outside and cannot be digested. */
  readonly digest?: Digest;
  /** Bytes, of all files together. */
  readonly size: number;
  /** Number of files; 0 for an artifact that is metadata only, 1 for a single file. */
  readonly files: number;
  /** Whether it is a folder. */
  readonly folder: boolean;
  /** The task that made it; absent for what was imported. */
  readonly producer?: { readonly runId: string; readonly task: string; readonly attempt: number };
}

/** What a task, or a whole pipeline, gave. */
export interface Outputs {
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** One artifact a name; more for a list of artifacts. */
  readonly artifacts: Readonly<Record<string, readonly ArtifactRecord[]>>;
}

/** Why something failed: a coded error as data. */
export interface Failure {
  /** A code of the catalogue. */
  readonly code: string;
  readonly kind: 'user' | 'infrastructure' | 'internal';
  readonly problem: string;
  readonly fix?: string;
  /** The component's own stack, secrets masked. */
  readonly stack?: string;
  /** Whether another attempt could help: a missing bundle is missing the second time too. */
  readonly retryable: boolean;
}

export type RunStatus = 'succeeded' | 'failed' | 'cancelled';

/** Fields of all events. */
interface Happened {
  /** When, ISO 8601 in UTC. */
  readonly at: string;
}

interface OfTask extends Happened {
  /** The task's path. */
  readonly task: string;
}

interface OfAttempt extends OfTask {
  /** Counted from 1. */
  readonly attempt: number;
}

export interface RunStarted extends Happened {
  readonly kind: 'run-started';
  readonly runId: string;
  readonly pipeline: string;
  readonly displayName?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** All parameters, defaults filled in. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly parameterTypes: Readonly<Record<string, ParameterType>>;
  readonly caching: CachingMode;
  readonly concurrency: number;
  readonly only?: string;
  readonly from?: string;
  /** Digest of the compiled pipeline. */
  readonly spec: Digest;
  /** The kind of runner that its attempts are to run on. */
  readonly runner?: string;
}

/** Another driver took the run up. */
interface RunResumed extends Happened {
  readonly kind: 'run-resumed';
  readonly runId: string;
  /** The kind of runner that goes on with it. */
  readonly runner?: string;
}

/** Tasks became known: those of the pipeline at the start, those of a nested one when it opens. */
interface TasksAdded extends Happened {
  readonly kind: 'tasks-added';
  readonly tasks: readonly TaskFacts[];
}

/** A loop knows what it goes over. What each of its iterations holds is said once. */
interface LoopOpened extends OfTask {
  readonly kind: 'loop-opened';
  /** How many items there are. */
  readonly count: number;
  readonly iteration: { readonly kind: TaskKind; readonly component: string };
  /** The tasks of one iteration: paths and what they wait for are relative to it. None where it is a component. */
  readonly each: readonly TaskFacts[];
}

/** Some iterations of a loop began: `<task>/<from>` and those after it. */
interface IterationsOpened extends OfTask {
  readonly kind: 'iterations-opened';
  readonly from: number;
  readonly count: number;
  /** The item of each, as a short text for people. */
  readonly items: readonly string[];
}

/** All that a task waits for is there. */
interface TaskReady extends OfTask {
  readonly kind: 'task-ready';
}

/** The cache was asked. A hit is followed by `task-cached`, anything else by an attempt, or by a wait and another question. */
export interface CacheChecked extends OfTask {
  readonly kind: 'cache-checked';
  readonly decision: 'hit' | 'miss' | 'off';
  readonly reason: string;
  readonly fingerprint?: Digest;
  readonly fields?: FingerprintFields;
  /** The task that makes the same at the moment: the cache is asked again once that has ended. */
  readonly waitsFor?: { readonly runId: string; readonly task: string };
}

/** The runner and machine that made some outputs. */
export interface MadeOn extends Platform {
  readonly runner: string;
}

interface TaskCached extends OfTask {
  readonly kind: 'task-cached';
  readonly outputs: Outputs;
  /** Where the outputs were made. */
  readonly from: { readonly runId: string; readonly task: string };
  /** What made them: no part of the fingerprint, unless the component says that it varies by it. */
  readonly madeOn?: MadeOn;
}

/** In the log before the attempt's process exists. */
interface AttemptStarted extends OfAttempt {
  readonly kind: 'attempt-started';
  /** Name of the process, container or Job: a hash of run, task and attempt. */
  readonly name: string;
  /** The runner that has it. */
  readonly runner: string;
}

/** The attempt cannot begin yet: why, in words for people. */
interface AttemptWaiting extends OfAttempt {
  readonly kind: 'attempt-waiting';
  readonly reason: string;
}

/** The attempt's process runs, after it may have waited for a place. */
interface AttemptRunning extends OfAttempt {
  readonly kind: 'attempt-running';
  /** The machine, where it is known. */
  readonly on?: string;
}

/** What the attempt measured at one step of its work, while it runs. */
interface AttemptReported extends OfAttempt, StepReport {
  readonly kind: 'attempt-reported';
}

/** `lost`: its driver or its machine went away; the task is attempted again, and this is no failure of it. */
interface AttemptEnded extends OfAttempt {
  readonly kind: 'attempt-ended';
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'lost';
  readonly failure?: Failure;
  /** How it was lost, where that is known. */
  readonly reason?: string;
  /** Milliseconds until the next attempt, where there is one. */
  readonly retryIn?: number;
}

interface TaskSucceeded extends OfTask {
  readonly kind: 'task-succeeded';
  readonly outputs: Outputs;
}

interface TaskFailed extends OfTask {
  readonly kind: 'task-failed';
  readonly failure: Failure;
}

/** The task did not run, and will not. */
interface TaskSkipped extends OfTask {
  readonly kind: 'task-skipped';
  readonly reason: string;
  /** `condition`: a condition was false, and that is no failure of anything. */
  readonly by?: 'condition';
}

interface TaskCancelled extends OfTask {
  readonly kind: 'task-cancelled';
}

/** The first lets exit tasks run; a second one ends them too. */
interface CancelRequested extends Happened {
  readonly kind: 'cancel-requested';
  readonly reason: string;
  /** Whether it was the run's own deadline that passed: the run has failed then. */
  readonly deadline?: true;
}

/** Something a person should know that did not stop the run. */
interface Warned extends Happened {
  readonly kind: 'warning';
  readonly code: string;
  readonly message: string;
  readonly task?: string;
}

interface RunEnded extends Happened {
  readonly kind: 'run-ended';
  readonly status: RunStatus;
  readonly outputs: Outputs;
  /** The first failure, where the run failed. */
  readonly failure?: Failure;
}

export type RunEvent =
  | RunStarted
  | RunResumed
  | TasksAdded
  | LoopOpened
  | IterationsOpened
  | TaskReady
  | CacheChecked
  | TaskCached
  | AttemptStarted
  | AttemptWaiting
  | AttemptRunning
  | AttemptReported
  | AttemptEnded
  | TaskSucceeded
  | TaskFailed
  | TaskSkipped
  | TaskCancelled
  | CancelRequested
  | Warned
  | RunEnded;

/** One line of what an attempt printed, secrets masked. */
export interface LogLine {
  readonly task: string;
  readonly attempt: number;
  readonly text: string;
}
