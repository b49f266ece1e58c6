/** What a sweep is to do, resolved: all defaults filled in, all of it checked. */
import type { JsonValue } from '../spec/index.ts';
import type { Space } from './space.ts';

type Method = 'grid' | 'random' | 'tpe';

export interface Goal {
  /** Where the figure comes from: an output of the pipeline, `task.output`, or `task.artifact.field`. */
  readonly from: string;
  readonly goal: 'maximize' | 'minimize';
}

/** Ends a trial while it runs, by what a task of it reports. */
export interface EarlyStopping extends Goal {
  /**
   * `median`: a trial whose best figure so far is worse than the median of those before it at the same step. `halving`:
   * one that is not in the best 1/eta of them, at the steps `from`, `from * eta`, ...
   */
  readonly rule: 'median' | 'halving';
  /** The first step that is judged. */
  readonly fromStep: number;
  /** How many trials must have come that far. */
  readonly trials: number;
  readonly eta: number;
}

/** Gives all trials little of a resource, and more to the best of them. */
export interface Halving {
  /** The parameter of the pipeline that says how much a trial gets. */
  readonly resource: string;
  /** What trials get, rung by rung: grows. */
  readonly rungs: readonly number[];
  /** One in so many goes on to the next rung. */
  readonly eta: number;
}

export interface SweepPlan {
  readonly method: Method;
  readonly metric: Goal;
  readonly space: Space;
  /** Parameters that are the same in all trials. */
  readonly fixed: Readonly<Record<string, JsonValue>>;
  readonly seed: number;
  /** Most trials. */
  readonly trials: number;
  /** Trials at a time. */
  readonly parallel: number;
  /** Seconds after which no trial starts. */
  readonly time?: number;
  /** The sweep ends once a trial is as good as this. */
  readonly target?: number;
  /** The sweep ends after so many trials without a better one. */
  readonly patience?: number;
  readonly early?: EarlyStopping;
  readonly halving?: Halving;
  /** How often a trial that failed is taken up again. */
  readonly retries: number;
}

/** What may differ between two drivers of one sweep: how long it goes on, and how much of it at a time. */
export type SweepBudget = Pick<SweepPlan, 'trials' | 'parallel' | 'time' | 'target' | 'patience' | 'retries'>;

export function budgetOf({ trials, parallel, time, target, patience, retries }: SweepPlan): SweepBudget {
  return {
    trials,
    parallel,
    retries,
    ...(time !== undefined && { time }),
    ...(target !== undefined && { target }),
    ...(patience !== undefined && { patience }),
  };
}

/** The part of a plan that makes it this sweep and no other. */
export function essenceOf(plan: SweepPlan): Omit<SweepPlan, keyof SweepBudget> {
  const { trials: _, parallel: _1, time: _2, target: _3, patience: _4, retries: _5, ...essence } = plan;
  return essence;
}

/** A figure as something to make small. */
export function lossOf(value: number, { goal }: Pick<Goal, 'goal'>): number {
  return goal === 'maximize' ? -value : value;
}
