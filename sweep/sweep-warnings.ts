/** What is no error in a sweep, and is hardly what was meant. */
import type { SweepPlan } from './plan.ts';
import { sizeOf } from './space.ts';
import type { SweepState } from './sweep-state.ts';

/** Tells what a plan promises and cannot come to; a sentence each. */
export function warningsOfPlan({ trials, space, halving }: SweepPlan): readonly string[] {
  if (halving === undefined || halving.rungs.length < 2) return [];
  const { rungs, eta, resource } = halving;
  const climbs = rungs.length - 1;
  const most = Math.min(trials, sizeOf(space));
  // The first that goes on takes eta trials on a rung; after it, each that comes may be better than all before.
  const fewest = climbs * (Math.ceil(eta) - 1) + 1;
  if (most >= fewest) return [];
  let enough = 1;
  for (let climb = 0; climb < climbs; climb++) enough = Math.ceil(enough * eta);
  return [
    `with ${most} ${most === 1 ? 'trial' : 'trials'} none can come to ${resource} ${rungs.at(-1) ?? ''}: that takes ${fewest} trials at least, and ${enough} to be sure; ask for more (-n ${enough}), or begin with more ${resource}`,
  ];
}

/** Tells what a sweep was to do and never could, by what its trials did; a sentence each. */
export function warningsOfState({ plan, trials }: SweepState): readonly string[] {
  const { early } = plan;
  const runs = trials.flatMap((trial) => trial.runs);
  // A trial that failed may have failed before its first report.
  const whole = runs.some(({ outcome, reported }) => outcome?.kind === 'succeeded' && reported !== undefined);
  if (early === undefined || !whole || runs.some(({ curve }) => curve.length > 0)) return [];
  const others = [...new Set(runs.flatMap(({ reported }) => reported ?? []))].toSorted();
  const instead =
    others.length > 0
      ? `what was reported: ${others.join(', ')}`
      : 'a component reports with report({ figure: 0.3 }, step)';
  return [`no trial reported ${early.from}, so that none could end early by it; ${instead}`];
}
