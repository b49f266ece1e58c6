/** What the server is put together from: handed in by the command line, which alone makes stores and runners. */
import type { Dialect } from 'kysely';
import type { AttemptKey, EnginePorts, RunState } from '../engine/ports.ts';

/** A pipeline root with a runner over it. */
export interface Bench {
  /** The root's absolute path, or its URI. */
  readonly uri: string;
  readonly ports: EnginePorts;
  /** Reads the log of one attempt, secrets masked; undefined where nothing was printed. */
  readLog(attempt: AttemptKey): Promise<string | undefined>;
  /** Opens the log of one attempt: each call gives what was printed since the last. */
  followLog(attempt: AttemptKey): { next(): Promise<string | undefined> };
  /** Removes what attempts of a run that has ended left on their platform. */
  sweep(runId: string, status: RunState['status']): Promise<void>;
  close(): Promise<void>;
}

/** Where the server keeps what it knows. */
export interface ServerDatabase {
  readonly kind: 'sqlite' | 'postgres';
  readonly dialect: Dialect;
  /** Resolves once all that was committed so far outlives a power cut. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerParts {
  readonly database: ServerDatabase;
  /** Opens a pipeline root, with a runner for what runs over it. */
  readonly openBench: (root: string) => Promise<Bench>;
  /** Most tasks of one run at a time. */
  readonly concurrency: number;
  /** Writes one line for whoever runs the server. */
  readonly writeLog: (line: string) => void;
}
