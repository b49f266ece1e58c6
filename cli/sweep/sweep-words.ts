/** How trials are told: settings, figures, ends. */
import { formatValue } from '../progress/summary.ts';
import type { Configuration, EndReason, SweepState, Trial } from '../../sweep/index.ts';
import { formatNumber } from '../units.ts';

/** Writes `learning_rate 0.003, hidden 64`. */
export function settingsWords(configuration: Configuration): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name} ${formatValue(value)}`)
    .join(', ');
}

/** Writes which trial it is, and with halving on which rung. */
export function trialName(trial: number, rung: number, { plan }: SweepState): string {
  const amount = plan.halving?.rungs[rung];
  return amount === undefined
    ? `trial ${trial}`
    : `trial ${trial} (${plan.halving?.resource} ${formatNumber(amount)})`;
}

/** Writes why a sweep ended. */
export function endWords(reason: EndReason, state: SweepState): string {
  switch (reason) {
    case 'trials':
      return `all ${state.trials.length} trials ended`;
    case 'exhausted':
      return `all ${state.trials.length} combinations of values were tried`;
    case 'target':
      return `a trial came to the target ${state.plan.target ?? ''}`;
    case 'patience':
      return `${state.plan.patience ?? ''} trials were no better than those before`;
    case 'time':
      return 'its time was up';
    case 'failures':
      return `the first ${state.trials.length} trials all failed`;
  }
}

/** Counts how trials ended, in words. */
export function countWords(trials: readonly Trial[], statusOf: (trial: Trial) => string): string {
  const count = (status: string): number => trials.filter((trial) => statusOf(trial) === status).length;
  const counts = [
    [count('succeeded'), 'succeeded'],
    [count('stopped'), 'stopped early'],
    [count('failed'), 'failed'],
    [count('running'), 'not ended'],
  ] as const;
  return counts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(', ');
}
