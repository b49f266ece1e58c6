/** When runs are due, as the command line says it. */
import { UserError } from '../../errors/index.ts';
import type { ScheduleLimits, ScheduleTimes } from '../../remotes/schedule-ports.ts';

export interface TimesOptions {
  readonly cron?: string;
  readonly every?: string;
  readonly timeZone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly maxConcurrent?: number;
  readonly maxRuns?: number;
  readonly queueing?: boolean;
}

/**
 * Reads times and limits as they were typed.
 * @throws UserError FER1002 for durations and times that do not read
 */
export function timesIn(options: TimesOptions): ScheduleTimes & ScheduleLimits {
  const { cron, every, timeZone, start, end, maxConcurrent, maxRuns, queueing } = options;
  return {
    ...(cron !== undefined && { cron }),
    ...(every !== undefined && { interval: secondsIn(every) }),
    ...(timeZone !== undefined && { timeZone }),
    ...(start !== undefined && { startAt: momentIn(start, '--start') }),
    ...(end !== undefined && { endAt: momentIn(end, '--end') }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...(maxRuns !== undefined && { maxRuns }),
    ...(queueing !== undefined && { queueing }),
  };
}

const units: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

/** Reads `1h30m` as seconds. */
function secondsIn(text: string): number {
  const parts = [...text.matchAll(/(\d+)([wdhms])/g)];
  const seconds = parts.reduce(
    (sum, [, count = '', unit = '']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
  if (parts.map(([part]) => part).join('') === text && seconds > 0) return seconds;
  throw new UserError('FER1002', {
    problem: `"--every ${text}" is no duration`,
    fix: 'write whole numbers with w, d, h, m or s: 90s, 10m, 1h30m, 2d',
  });
}

/** Reads a time with its zone; gives it in UTC. */
function momentIn(text: string, flag: string): string {
  const time = Date.parse(text);
  if (!Number.isNaN(time) && /T.*(Z|[+-]\d\d:?\d\d)$/i.test(text))
    return new Date(time).toISOString().replace('.000Z', 'Z');
  throw new UserError('FER1002', {
    problem: `"${flag} ${text}" is no time with a zone`,
    fix: 'write it as 2026-12-01T06:00:00Z, or 2026-12-01T07:00:00+01:00',
  });
}

/** Writes seconds as `1h30m`. */
export function durationText(seconds: number): string {
  let left = seconds;
  const parts = Object.entries(units).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('');
}
