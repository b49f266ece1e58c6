/** Names of runs: the time they started, to the second, and random digits, or those of their schedule. */
import { randomBytes } from 'node:crypto';
import { digestOf, hexOf } from '../spec/index.ts';

/** Makes a name such as `20260317-094501-3fa2`: sorts by time, and is a valid name everywhere. */
export function newRunId(now: Date = new Date()): string {
  return `${timeOf(now)}-${randomBytes(2).toString('hex')}`;
}

function timeOf(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

/**
 * Names the run that a schedule starts at a time: always the same, so that what begins it twice begins one run.
 * @param key of the schedule
 * @param manual sets a run that a person started out of turn apart
 */
export function scheduledRunId(key: string, due: Date, manual = ''): string {
  const hash = (text: string, digits: number): string => hexOf(digestOf(text)).slice(0, digits);
  return `${timeOf(due)}-${hash(key, 8)}${manual === '' ? '' : hash(manual, 4)}`;
}

/** Tells whether a text is a whole name of a run. */
export function isRunId(text: string): boolean {
  return /^\d{8}-\d{6}-[\da-f]{4,12}$/.test(text);
}
