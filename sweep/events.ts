/** What happens in a sweep, as its log has it: plain JSON, created entry by entry, never changed. */
import type { Failure } from '../engine/index.ts';
import type { JsonValue, StepReport } from '../spec/index.ts';
import type { SweepBudget, SweepPlan } from './plan.ts';
import type { Configuration } from './space.ts';

/** Version of the log's format. A reader refuses a newer one. */
export const sweepLogVersion = 1;

interface Happened {
  /** When, ISO 8601 in UTC. */
  readonly at: string;
}

interface OfRun extends Happened {
  /** The trial's number, from 0. */
  readonly trial: number;
  /** The rung that the run is for; 0 without halving. */
  readonly rung: number;
}

interface SweepStarted extends Happened {
  readonly kind: 'sweep-started';
  readonly sweepId: string;
  readonly pipeline: string;
  readonly plan: SweepPlan;
}

interface SweepResumed extends Happened {
  readonly kind: 'sweep-resumed';
  readonly budget: SweepBudget;
  /** Whether trials that failed are taken up again. */
  readonly again?: true;
}

/** In the log before the run is made. */
interface TrialStarted extends OfRun {
  readonly kind: 'trial-started';
  readonly runId: string;
  readonly configuration: Configuration;
  /** All that the run is given. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
}

/** The run failed, and is taken up again. */
interface TrialRetried extends OfRun {
  readonly kind: 'trial-retried';
  readonly failure: Failure;
}

export type TrialOutcome =
  | { readonly kind: 'succeeded'; readonly value: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It was ended by what it reported. */
  | {
      readonly kind: 'stopped';
      readonly step: number;
      readonly reason: string;
      readonly value: number | null;
    };

interface TrialEnded extends OfRun {
  readonly kind: 'trial-ended';
  readonly outcome: TrialOutcome;
  /** What it reported, where trials are judged by that. */
  readonly curve?: readonly StepReport[];
  /** The figures that it reported, as `task.figure`, where it ran without the one that it is judged by. */
  readonly reported?: readonly string[];
  /** Seconds that it took, as far as this driver saw. */
  readonly seconds?: number;
}

export type EndReason = 'trials' | 'exhausted' | 'target' | 'patience' | 'time' | 'failures';

interface SweepEnded extends Happened {
  readonly kind: 'sweep-ended';
  readonly reason: EndReason;
}

export type SweepEvent = SweepStarted | SweepResumed | TrialStarted | TrialRetried | TrialEnded | SweepEnded;

/** An event before it has its time. */
export type NewSweepEvent = SweepEvent extends infer E
  ? E extends SweepEvent
    ? Omit<E, 'at'>
    : never
  : never;
