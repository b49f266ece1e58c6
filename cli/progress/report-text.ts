import type { RunEvent } from '../../engine/events.ts';
import { formatNumber } from '../units.ts';

/** Writes what a task reported in one line. */
export function reportText({ step, values }: Extract<RunEvent, { kind: 'attempt-reported' }>): string {
  const figures = Object.entries(values).map(
    ([name, value]) => `${name} ${value === null ? 'NaN' : formatNumber(value)}`,
  );
  return `step ${step}: ${figures.join(', ')}`;
}
