/** Schedules as people read them. */
import type { RemoteSchedule } from '../../remotes/schedule-ports.ts';
import { nextTimes } from '../../remotes/schedule-times.ts';
import { paintFor, type Paint } from '../color.ts';
import { timeText } from '../remotes/remote-run-text.ts';
import { formatTable } from '../table.ts';
import { durationText } from './times-options.ts';

/** Says when a schedule is due: the expression, or the interval. */
function timesText({ cron, interval, timeZone }: RemoteSchedule): string {
  if (interval !== undefined) return `every ${durationText(interval)}`;
  return [cron ?? '', ...(timeZone === undefined ? [] : [timeZone])].join(' ');
}

/** Foretells the next times of a schedule that goes on. */
export function upcoming(schedule: RemoteSchedule, count: number, now: Date): readonly string[] {
  if (schedule.status !== 'active') return [];
  // An interval without a start counts from when it was made, or from the last time that is known.
  const startAt = schedule.startAt ?? (schedule.interval === undefined ? undefined : schedule.createdAt);
  try {
    const base = { ...schedule, ...(startAt !== undefined && { startAt }) };
    return nextTimes(base, count, now).map((time) => time.toISOString());
  } catch {
    // Others may have written what we do not read.
    return schedule.nextRunAt === undefined ? [] : [schedule.nextRunAt];
  }
}

/** Lays out a list of schedules. */
export function schedulesTable(schedules: readonly RemoteSchedule[], none: string): string {
  const now = new Date();
  const paint = paintFor(process.stdout, process.env);
  const rows = schedules.map((schedule) => [
    schedule.name,
    statusText(schedule, paint),
    timesText(schedule),
    timeText(schedule.nextRunAt ?? upcoming(schedule, 1, now)[0]),
    schedule.id,
  ]);
  if (rows.length === 0) return none;
  const header = ['SCHEDULE', 'STATUS', 'TIMES', 'NEXT (UTC)', 'ID'];
  return formatTable([header.map((text) => paint('dim', text)), ...rows]);
}

/** Lays out one schedule, with the next three times. */
export function scheduleText(schedule: RemoteSchedule): string {
  const paint = paintFor(process.stdout, process.env);
  const next = upcoming(schedule, 3, new Date());
  const rows = [
    ['id', schedule.id],
    ['status', statusText(schedule, paint)],
    ['times', timesText(schedule)],
    ['from', timeText(schedule.startAt)],
    ['until', timeText(schedule.endAt)],
    ['at a time', schedule.maxConcurrent === undefined ? '' : String(schedule.maxConcurrent)],
    ['last', timeText(schedule.lastRunAt)],
    ...next.map((time, at) => [at === 0 ? 'next' : '', `${timeText(time)} UTC`]),
    ['created', timeText(schedule.createdAt)],
    ['error', schedule.error === undefined ? '' : paint('red', schedule.error)],
  ];
  const shown = rows
    .filter(([, value]) => value !== '')
    .map(([name = '', value = '']) => [`  ${name}`, value]);
  return `${paint('bold', schedule.name)}\n${formatTable(shown)}`;
}

function statusText({ status, error }: RemoteSchedule, paint: Paint): string {
  if (error !== undefined) return paint('red', `${status}, with an error`);
  return paint(status === 'active' ? 'green' : 'yellow', status);
}
