/** Decides what a sweep does next: a pure function of what happened. */
import { gridConfigurations } from './methods/grid-search.ts';
import type { Observation } from './methods/proposal.ts';
import { randomSearch } from './methods/random-search.ts';
import { tpe } from './methods/tpe.ts';
import type { EndReason } from './events.ts';
import { lossOf, type Halving } from './plan.ts';
import type { Configuration } from './space.ts';
import { bestTrial, rankedTrials, statusOf, valueOf, type SweepState, type Trial } from './sweep-state.ts';

export type Next =
  | {
      readonly kind: 'start';
      readonly trial: number;
      readonly rung: number;
      readonly configuration: Configuration;
    }
  /** There is nothing to start as long as what runs has not ended. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'end'; readonly reason: EndReason };

/** @param timeIsUp whether the sweep has had its time */
export function nextOf(state: SweepState, timeIsUp: boolean): Next {
  const running = state.trials.filter((trial) => statusOf(trial) === 'running').length;
  const over = overBy(state, timeIsUp);
  if (over !== undefined) return running > 0 ? { kind: 'wait' } : { kind: 'end', reason: over };
  if (running >= state.plan.parallel) return { kind: 'wait' };
  const promoted = state.plan.halving === undefined ? undefined : promotionOf(state, state.plan.halving);
  if (promoted !== undefined) return promoted;
  const proposed = proposalOf(state);
  if (proposed.kind === 'start') return proposed;
  return running > 0
    ? { kind: 'wait' }
    : proposed.kind === 'wait'
      ? { kind: 'end', reason: 'trials' }
      : proposed;
}

/** Tells why no trial is to start, whatever there would be to try. */
function overBy(state: SweepState, timeIsUp: boolean): EndReason | undefined {
  const { plan, trials } = state;
  if (timeIsUp) return 'time';
  const best = bestTrial(state);
  const value = best === undefined ? undefined : valueOf(best);
  if (
    plan.target !== undefined &&
    value !== undefined &&
    lossOf(value, plan.metric) <= lossOf(plan.target, plan.metric)
  )
    return 'target';
  if (plan.patience !== undefined && withoutBetter(state) >= plan.patience) return 'patience';
  const ended = trials.filter((trial) => statusOf(trial) !== 'running');
  const hopeless = Math.max(fewestFailures, plan.parallel);
  if (ended.length >= hopeless && ended.every((trial) => statusOf(trial) === 'failed')) return 'failures';
  return undefined;
}

/** Once so many trials all failed, the next one would too. */
const fewestFailures = 3;

/** Counts the trials that ended since the best one did. */
function withoutBetter({ ended, trials, plan }: SweepState): number {
  let best = Number.POSITIVE_INFINITY;
  let since = 0;
  for (const { trial, rung } of ended) {
    const outcome = trials.find(({ number }) => number === trial)?.runs[rung]?.outcome;
    const loss =
      outcome?.kind === 'succeeded' ? lossOf(outcome.value, plan.metric) : Number.POSITIVE_INFINITY;
    since = loss < best ? 0 : since + 1;
    best = Math.min(best, loss);
  }
  return since;
}

/** Proposes the next trial. */
function proposalOf(state: SweepState): Next {
  const { plan, trials, window } = state;
  const number = trials.length;
  if (number >= plan.trials) return { kind: 'end', reason: 'trials' };
  const known = trials.slice(0, Math.max(0, number - window + 1));
  // What a proposal knows of hangs on numbers alone, so that it is the same whichever trial ends first.
  if (isOrdered(state) && known.some((trial) => statusOf(trial) === 'running')) return { kind: 'wait' };
  const configuration = configurationOf(state, isOrdered(state) ? known : trials);
  if (configuration === undefined) return { kind: 'end', reason: 'exhausted' };
  return { kind: 'start', trial: number, rung: 0, configuration };
}

/** Whether trials learn from others in the order of their numbers; halving takes them as they come. */
export function isOrdered({ plan }: SweepState): boolean {
  return plan.halving === undefined && (plan.method === 'tpe' || plan.early !== undefined);
}

function configurationOf({ plan, trials }: SweepState, known: readonly Trial[]): Configuration | undefined {
  const { method, space, seed } = plan;
  const number = trials.length;
  if (method === 'grid') return gridConfigurations(space)[number];
  const ranks = new Map(rankedTrials(known, plan).map((trial, rank) => [trial.number, rank]));
  const before = trials.map((trial): Observation => {
    const rank = ranks.get(trial.number);
    const { configuration } = trial;
    return { number: trial.number, configuration, ...(rank !== undefined && { rank }) };
  });
  return (method === 'tpe' ? tpe : randomSearch)({ space, seed, number, before });
}

/** Finds a trial that goes on to the next rung: of those that came so far, one in eta may (Li et al. 2020, ASHA). */
function promotionOf({ trials, plan }: SweepState, { rungs, eta }: Halving): Next | undefined {
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const there = trials.flatMap((trial) => {
      const outcome = trial.runs[rung]?.outcome;
      return outcome?.kind === 'succeeded' ? [{ trial, loss: lossOf(outcome.value, plan.metric) }] : [];
    });
    const best = there
      .toSorted((a, b) => a.loss - b.loss || a.trial.number - b.trial.number)
      .slice(0, Math.floor(there.length / eta));
    const next = best.find(({ trial }) => trial.runs[rung + 1] === undefined);
    if (next !== undefined)
      return {
        kind: 'start',
        trial: next.trial.number,
        rung: rung + 1,
        configuration: next.trial.configuration,
      };
  }
  return undefined;
}
