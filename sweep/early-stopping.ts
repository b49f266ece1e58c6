/** Judges a trial while it runs, by what it reports. */
import type { EarlyStopping } from './plan.ts';

/** What a trial reported, as losses, in the order of the steps. */
export type Curve = readonly { readonly step: number; readonly loss: number }[];

export type Verdict =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'stop'; readonly step: number; readonly reason: string };

/** Tells whether a trial is to end at its last step. @param others the curves of trials that it is held against */
export function judge(rule: EarlyStopping, curve: Curve, others: readonly Curve[]): Verdict {
  const last = curve.at(-1);
  if (last === undefined || last.step < rule.fromStep) return { kind: 'go-on' };
  const { step } = last;
  if (rule.rule === 'halving' && !isRung(rule, step)) return { kind: 'go-on' };
  const own = bestUntil(curve, step);
  const there = others.flatMap((other) =>
    (other.at(-1)?.step ?? -1) >= step ? [bestUntil(other, step)] : [],
  );
  if (there.length < rule.trials) return { kind: 'go-on' };
  const sorted = there.toSorted((a, b) => a - b);
  if (rule.rule === 'median') {
    const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? own;
    if (own <= median) return { kind: 'go-on' };
    return { kind: 'stop', step, reason: `worse at step ${step} than half of ${there.length} trials` };
  }
  // With itself among them, it has to be one of the best 1/eta.
  const places = Math.max(1, Math.floor((there.length + 1) / rule.eta));
  const better = sorted.filter((loss) => loss < own).length;
  if (better < places) return { kind: 'go-on' };
  return {
    kind: 'stop',
    step,
    reason: `not among the best ${places} of ${there.length + 1} trials at step ${step}`,
  };
}

function isRung({ fromStep, eta }: EarlyStopping, step: number): boolean {
  for (let rung = Math.max(1, fromStep); rung <= step; rung = Math.ceil(rung * eta))
    if (rung === step) return true;
  return false;
}

/** The best loss until a step; what is no number is worse than all numbers. */
function bestUntil(curve: Curve, step: number): number {
  return curve.reduce(
    (best, point) => (point.step <= step && point.loss < best ? point.loss : best),
    Number.POSITIVE_INFINITY,
  );
}
