/** What the runner and a worker process say to each other, as JSON over the child's IPC channel. */
import type { Failure } from '../../executor/failure.ts';
import type { ExecutorInput, ExecutorOutput, ParameterType } from '../../spec/index.ts';

/** Asks a worker to run one task. A worker is asked for one at a time, and always for the same bundle. */
export interface RunMessage {
  readonly kind: 'run';
  readonly taskName: string;
  /** The bundle's folder, verified. */
  readonly bundle: string;
  /** Folders whose node_modules hold packages that the bundle leaves out, where they are not around the bundle. */
  readonly packages: readonly string[];
  readonly input: ExecutorInput;
  readonly artifactLists: readonly string[];
  readonly parameterTypes: Readonly<Record<string, ParameterType>>;
  /** Names of variables whose values no output may hold. */
  readonly secretEnv: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where the folder for temporary files goes, should the body ask for one. */
  readonly folder: string;
  /** What ends the task's output on standard output and on standard error. */
  readonly marks: readonly [string, string];
}

/** Asks the body, through its signal, to come to an end. */
interface StopMessage {
  readonly kind: 'stop';
  readonly reason: string;
}

export type ToWorker = RunMessage | StopMessage;

/** How a task ended, and whether the worker is as it was before. */
export interface EndMessage {
  readonly kind: 'end';
  readonly result: TaskResult;
  readonly reusable: boolean;
}

export type TaskResult =
  | { readonly kind: 'succeeded'; readonly output: ExecutorOutput }
  | { readonly kind: 'failed'; readonly failure: Failure };
