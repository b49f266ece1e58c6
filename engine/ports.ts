/**
 * What the engine needs from the world. It has no clock, files, processes or randomness of its own: all of it comes
 * through here, so that a run can be played in memory and a backend is one implementation away.
 */
import type { LogLine, RunEvent } from './events.ts';
import type { Runner } from './runner-port.ts';
import type { ArtifactStore, Bundles, CacheIndex, OutsideData, RunStore } from './store-ports.ts';

// Stores and runners know the engine by this file alone: the log's format and its fold are part of it.
export * from './cache/cache-entry.ts';
export * from './events.ts';
export * from './events-of.ts';
export * from './platform.ts';
export * from './run-state.ts';
export * from './runner-port.ts';
export * from './store-ports.ts';

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
