/** When schedules are due: checked, and foretold, before anything is sent. */
import { Cron } from 'croner';
import { messageOf, UserError } from '../errors/index.ts';
import type { ScheduleTimes } from './schedule-ports.ts';

/** Names of expressions that not every backend knows. */
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads a cron expression as all backends read it: five fields, with `*`, lists, ranges, steps and English names, or a name such as
 * `@daily`.
 * @param seconds whether a field of seconds may stand before the five, as KFP has it
 * @returns the fields, one space apart
 * @throws UserError FER8014 for what is none, or what only some backends know
 */
export function readCron(text: string, seconds = false): string {
  const given = text.trim().replaceAll(/\s+/g, ' ');
  const cron = macros[given.toLowerCase()] ?? given;
  if (/^(CRON_)?TZ=/i.test(cron))
    throw wrongTime(`"${text}" has a time zone in it`, 'give the zone by itself: --time-zone');
  if (cron.startsWith('@every')) throw wrongTime(`"${text}" is an interval`, 'write it as --every 1h30m');
  const fields = cron.split(' ');
  if (fields.length !== 5 && !(seconds && fields.length === 6))
    throw wrongTime(
      `"${text}" has ${fields.length} field${fields.length === 1 ? '' : 's'}, and a cron expression has 5`,
      'write minute, hour, day of the month, month and day of the week: "0 6 * * 1" is each Monday at six',
    );
  const [strange] = /[?#+]|\b\d*[LW]\b/i.exec(fields.join(' ')) ?? [];
  if (strange !== undefined)
    throw wrongTime(
      `"${strange}" in "${text}" is no part of the cron expressions that backends share`,
      'write numbers, names of months and days, "*", ",", "-" and "/"',
    );
  if (/(^|[,-])7/.test(fields.at(-1) ?? ''))
    throw wrongTime(`"${text}" has a day of the week 7`, 'days of the week are 0 to 6: Sunday is 0, or SUN');
  try {
    // Without a time zone: whether it reads does not hang on one.
    if (new Cron(cron, { paused: true }).nextRun() !== null) return cron;
  } catch (error) {
    throw wrongTime(
      `"${text}" is no cron expression: ${messageOf(error).replace(/^CronPattern: /, '')}`,
      'write minute, hour, day of the month, month and day of the week: "0 6 * * 1" is each Monday at six',
    );
  }
  throw wrongTime(`"${text}" is never due`, 'no month has such a day');
}

/**
 * Checks the times of a new schedule.
 * @throws UserError FER8014 where they are no times, or lie in the past
 */
export function checkTimes(times: ScheduleTimes, now: Date): void {
  const { cron, interval, timeZone, startAt, endAt } = times;
  if ((cron === undefined) === (interval === undefined))
    throw wrongTime(
      'a schedule takes either a cron expression or an interval',
      'give one of them: --cron "0 6 * * *", or --every 1h30m',
    );
  if (cron !== undefined) readCron(cron, true);
  if (interval !== undefined && (!Number.isInteger(interval) || interval < 1))
    throw wrongTime(`${interval} is no number of seconds`, 'give a whole number above 0');
  if (timeZone !== undefined) checkTimeZone(timeZone);
  if (timeZone !== undefined && cron === undefined)
    throw wrongTime('a time zone belongs to a cron expression', 'leave it out');
  const [start, end] = [timeOf(startAt), timeOf(endAt)];
  if (start !== undefined && end !== undefined && end <= start)
    throw wrongTime(`the schedule ends (${endAt}) before it begins (${startAt})`, 'give a later end');
  if (end !== undefined && end <= now.getTime())
    throw wrongTime(`the schedule would have ended at ${endAt}`, 'give a later end, or none');
  if (nextTimes(times, 1, now).length === 0)
    throw wrongTime('the schedule ends before it is due for the first time', 'give a later end, or none');
}

/** @throws UserError FER8014 for a name that is none */
export function checkTimeZone(timeZone: string): void {
  try {
    new Date(0).toLocaleString('en', { timeZone });
  } catch {
    throw wrongTime(
      `"${timeZone}" is no time zone`,
      'write its IANA name: Europe/Berlin, America/New_York, UTC',
    );
  }
}

/**
 * Foretells the next times that are due, soonest first; fewer than asked for where the schedule ends. A cron expression without a time
 * zone is taken in UTC, an interval without a start counts from now.
 */
export function nextTimes(times: ScheduleTimes, count: number, now: Date): readonly Date[] {
  const { cron, interval, timeZone = 'UTC' } = times;
  const start = timeOf(times.startAt);
  const end = timeOf(times.endAt) ?? Infinity;
  const found: Date[] = [];
  if (cron !== undefined) {
    const from = new Date(Math.max(now.getTime(), (start ?? 0) - 1));
    found.push(...new Cron(readCron(cron, true), { timezone: timeZone, paused: true }).nextRuns(count, from));
  } else if (interval !== undefined) {
    const step = 1000 * interval;
    const base = start ?? now.getTime();
    const passed = Math.floor((now.getTime() - base) / step) + 1;
    const first = base + step * Math.max(start === undefined ? 1 : 0, passed);
    for (let at = 0; at < count; at++) found.push(new Date(first + at * step));
  }
  return found.filter((time) => time.getTime() <= end);
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw wrongTime(`"${text}" is no time`, 'write it as 2026-12-01T06:00:00Z, or with +01:00 for the zone');
  return time;
}

/** Makes the error about a time that is none, or none for a backend. */
export function wrongTime(problem: string, fix: string): UserError {
  return new UserError('FER8014', { problem, fix });
}
