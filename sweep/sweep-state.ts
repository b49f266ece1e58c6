/** What a sweep looks like: a pure fold of its events. */
import type { Failure } from '../engine/index.ts';
import type { JsonValue, StepReport } from '../spec/index.ts';
import type { EndReason, SweepEvent, TrialOutcome } from './events.ts';
import { lossOf, type SweepPlan } from './plan.ts';
import type { Configuration } from './space.ts';

/** One run of a trial: with halving a trial has one for each rung that it reached. */
export interface TrialRun {
  readonly rung: number;
  readonly runId: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Absent as long as it goes on. */
  readonly outcome?: TrialOutcome;
  readonly retries: number;
  readonly curve: readonly StepReport[];
  /** The figures that it reported, as `task.figure`, where it ran without the one that it is judged by. */
  readonly reported?: readonly string[];
  readonly startedAt: string;
  readonly seconds?: number;
}

export interface Trial {
  readonly number: number;
  readonly configuration: Configuration;
  /** By rung, from 0. */
  readonly runs: readonly TrialRun[];
}

export interface SweepState {
  readonly sweepId: string;
  readonly pipeline: string;
  readonly plan: SweepPlan;
  /** How many trials a proposal may not know of: fixed when the sweep is made. */
  readonly window: number;
  readonly startedAt: string;
  /** In the order of their numbers. */
  readonly trials: readonly Trial[];
  /** Trials in the order in which their last run ended. */
  readonly ended: readonly { readonly trial: number; readonly rung: number }[];
  /** Absent as long as it goes on. */
  readonly end?: EndReason;
}

/** Folds the events of a sweep; undefined where there are none. */
export function foldSweep(events: Iterable<SweepEvent>): SweepState | undefined {
  let state: SweepState | undefined;
  for (const event of events) state = applyToSweep(state, event);
  return state;
}

/** Takes one event more. */
export function applyToSweep(state: SweepState | undefined, event: SweepEvent): SweepState | undefined {
  if (event.kind === 'sweep-started') {
    const { sweepId, pipeline, plan, at } = event;
    const window = 2 * plan.parallel - 1;
    return { sweepId, pipeline, plan, window, startedAt: at, trials: [], ended: [] };
  }
  if (state === undefined) return undefined;
  switch (event.kind) {
    case 'sweep-resumed': {
      const { end: _, ...rest } = state;
      const next = { ...rest, plan: { ...withoutBudget(state.plan), ...event.budget } };
      return event.again === true ? withFailedReopened(next) : next;
    }
    case 'trial-started': {
      const { trial, rung, runId, configuration, parameters, at } = event;
      const run: TrialRun = { rung, runId, parameters, retries: 0, curve: [], startedAt: at };
      if (rung === 0)
        return { ...state, trials: [...state.trials, { number: trial, configuration, runs: [run] }] };
      return withTrial(state, trial, (before) => ({ ...before, runs: [...before.runs, run] }));
    }
    case 'trial-retried':
      return withRun(state, event, (run) => ({ ...run, retries: run.retries + 1 }));
    case 'trial-ended': {
      const { outcome, curve, reported, seconds, trial, rung } = event;
      const next = withRun(state, event, (run) => ({
        ...run,
        outcome,
        ...(curve !== undefined && { curve }),
        ...(reported !== undefined && { reported }),
        ...(seconds !== undefined && { seconds }),
      }));
      return { ...next, ended: [...state.ended, { trial, rung }] };
    }
    case 'sweep-ended':
      return { ...state, end: event.reason };
  }
}

/** Has trials that failed go on: what did not succeed in their runs is run again. */
function withFailedReopened(state: SweepState): SweepState {
  const failed = new Set(
    state.trials.flatMap((trial) => (statusOf(trial) === 'failed' ? [trial.number] : [])),
  );
  const trials = state.trials.map((trial) => {
    if (!failed.has(trial.number)) return trial;
    const runs = trial.runs.map((run): TrialRun => {
      const { outcome: _, ...open } = run;
      return run.outcome?.kind === 'failed' ? { ...open, retries: run.retries + 1 } : run;
    });
    return { ...trial, runs };
  });
  return { ...state, trials, ended: state.ended.filter(({ trial }) => !failed.has(trial)) };
}

function withoutBudget(plan: SweepPlan): SweepPlan {
  const { time: _, target: _1, patience: _2, ...rest } = plan;
  return rest;
}

function withTrial(state: SweepState, number: number, change: (trial: Trial) => Trial): SweepState {
  return { ...state, trials: state.trials.map((trial) => (trial.number === number ? change(trial) : trial)) };
}

function withRun(
  state: SweepState,
  { trial, rung }: { readonly trial: number; readonly rung: number },
  change: (run: TrialRun) => TrialRun,
): SweepState {
  return withTrial(state, trial, (before) => ({
    ...before,
    runs: before.runs.map((run) => (run.rung === rung ? change(run) : run)),
  }));
}

/** The last run of a trial that gave a figure, or was ended by one. */
export function resultOfTrial({ runs }: Trial): TrialRun | undefined {
  return (
    runs.findLast(({ outcome }) => outcome?.kind === 'succeeded') ??
    runs.findLast(({ outcome }) => outcome?.kind === 'stopped')
  );
}

export type TrialStatus = 'running' | 'succeeded' | 'stopped' | 'failed';

export function statusOf(trial: Trial): TrialStatus {
  const last = trial.runs.at(-1);
  if (last?.outcome === undefined) return 'running';
  return resultOfTrial(trial)?.outcome?.kind === 'succeeded' ? 'succeeded' : last.outcome.kind;
}

/** The figure that a trial came to at its end; undefined where it has none. */
export function valueOf(trial: Trial): number | undefined {
  const outcome = resultOfTrial(trial)?.outcome;
  return outcome?.kind === 'succeeded' ? outcome.value : undefined;
}

/**
 * Orders trials, best first: those that came further in halving come before the others, then those that ran to their end,
 * then those that were stopped, the later the better. Trials without a figure are left out.
 */
export function rankedTrials(trials: readonly Trial[], { metric }: SweepPlan): readonly Trial[] {
  const keyed = trials.flatMap((trial) => {
    const run = resultOfTrial(trial);
    const { outcome } = run ?? {};
    if (run === undefined || outcome === undefined || outcome.kind === 'failed') return [];
    const whole = outcome.kind === 'succeeded';
    const loss =
      outcome.value === null ? Number.POSITIVE_INFINITY : whole ? lossOf(outcome.value, metric) : 0;
    return [{ trial, key: [-run.rung, whole ? 0 : 1, whole ? 0 : -outcome.step, loss, trial.number] }];
  });
  return keyed.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ trial }) => trial);
}

/** Lists all trials: best first, and those without a figure after them. */
export function trialsBestFirst({ trials, plan }: SweepState): readonly Trial[] {
  const ranked = rankedTrials(trials, plan);
  return [...ranked, ...trials.filter((trial) => !ranked.includes(trial))];
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** The best trial that ran to its end. */
export function bestTrial(state: SweepState): Trial | undefined {
  const [best] = rankedTrials(
    state.trials.filter((trial) => statusOf(trial) === 'succeeded'),
    state.plan,
  );
  return best;
}

/** The first failure of a trial. */
export function firstFailure({ ended, trials }: SweepState): Failure | undefined {
  for (const { trial, rung } of ended) {
    const outcome = trials.find(({ number }) => number === trial)?.runs[rung]?.outcome;
    if (outcome?.kind === 'failed') return outcome.failure;
  }
  return undefined;
}
