/** Names of runs: the time they started, to the second, and four random digits. */
import { randomBytes } from 'node:crypto';

/** Makes a name such as `20260317-094501-3fa2`: sorts by time, and is a valid name everywhere. */
export function newRunId(now: Date = new Date()): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}

/** Tells whether a text is a whole name of a run. */
export function isRunId(text: string): boolean {
  return /^\d{8}-\d{6}-[\da-f]{4}$/.test(text);
}
