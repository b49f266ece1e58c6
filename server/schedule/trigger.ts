/** When recurring runs are due. */
import { Cron } from 'croner';
import { messageOf } from '../../errors/index.ts';
import { Refusal } from '../failure.ts';
import type { TriggerMessage } from '../messages/recurring-run.ts';

/** Times are milliseconds since 1970. */
export interface Trigger {
  /** The first time that is due after another; undefined where there is none any more. */
  next(after: number): number | undefined;
  /** The last time that is due, after one and not after another. */
  latest(after: number, upTo: number): number | undefined;
  /** Before what nothing is due: what `next` is asked for first. */
  readonly beginning: number;
}

/** Milliseconds. */
const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/**
 * Reads a trigger. A cron expression has six fields, of which the first are seconds, as KFP's; or five without them. `@every 1h30m`
 * counts from the start. As with KFP, the start itself is never due, and the end may be.
 * @param created when the recurring run was made
 * @throws Refusal where it does not read
 */
export function readTrigger(message: TriggerMessage | undefined, created: number, timeZone: string): Trigger {
  const { cron_schedule: cron, periodic_schedule: periodic } = message ?? {};
  if ((cron === undefined) === (periodic === undefined))
    throw new Refusal(
      'invalid',
      'a recurring run needs a trigger: either a cron_schedule or a periodic_schedule',
    );
  const { start_time: start, end_time: end } = cron ?? periodic ?? {};
  const from = start === undefined ? undefined : Date.parse(start);
  const to = end === undefined ? Infinity : Date.parse(end);
  if (from !== undefined && to <= from) throw new Refusal('invalid', 'the trigger ends before it begins');
  if (periodic !== undefined) return every(1000 * seconds(periodic.interval_second), from, to, created);
  const text = cron?.cron.trim() ?? '';
  const [, duration] = /^@every\s+(\S+)$/.exec(text) ?? [];
  return duration === undefined
    ? byCron(text, from, to, created, timeZone)
    : every(durationOf(duration), from, to, created);
}

function seconds(text: string | number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Refusal('invalid', 'interval_second is a whole number above 0');
  return value;
}

/** Reads Go's durations, such as `1h30m`. */
function durationOf(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  const sum = parts.reduce(
    (total, [, count = '', unit = '']) => total + Number(count) * (units[unit] ?? 0),
    0,
  );
  if (parts.map(([part]) => part).join('') !== text || sum < 1000)
    throw new Refusal(
      'invalid',
      `"@every ${text}" is no duration of a second or more: write such as @every 1h30m`,
    );
  return sum;
}

function every(interval: number, from: number | undefined, to: number, created: number): Trigger {
  const base = from ?? created;
  const within = (time: number): number | undefined => (time <= to ? time : undefined);
  return {
    beginning: base,
    next: (after) => within(base + interval * Math.max(1, Math.floor((after - base) / interval) + 1)),
    latest(after, upTo) {
      const last = base + interval * Math.floor((Math.min(upTo, to) - base) / interval);
      return last > after && last > base ? last : undefined;
    },
  };
}

function byCron(
  text: string,
  from: number | undefined,
  to: number,
  created: number,
  timeZone: string,
): Trigger {
  const cron = parse(text, timeZone);
  const beginning = from ?? created;
  const timeOf = (date: Date | null | undefined): number | undefined => {
    const time = date?.getTime();
    return time === undefined || time > to ? undefined : time;
  };
  return {
    beginning,
    next: (after) => timeOf(cron.nextRun(new Date(Math.max(after, beginning)))),
    latest(after, upTo) {
      // What is asked for lies before the time that is given, and that one may be due itself.
      const [last] = cron.previousRuns(1, new Date(Math.min(upTo, to) + 1000));
      const time = timeOf(last);
      if (time === undefined || time <= Math.max(after, beginning)) return undefined;
      return time <= upTo ? time : this.latest(after, upTo - 1000);
    },
  };
}

/** Characters: more than lists of all minutes and hours take. */
const longestCron = 1000;

function parse(text: string, timeZone: string): Cron {
  if (text.length > longestCron)
    throw new Refusal('invalid', `the cron expression has more than ${longestCron} characters`);
  try {
    const cron = new Cron(text, { timezone: timeZone, paused: true });
    // A time zone that is none shows only when it is used.
    cron.nextRun();
    return cron;
  } catch (error) {
    throw new Refusal('invalid', `the cron expression "${text}" does not read: ${messageOf(error)}`);
  }
}
