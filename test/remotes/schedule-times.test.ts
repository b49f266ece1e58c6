import { describe, expect, it } from 'vitest';
import { checkTimes, nextTimes, readCron } from '../../remotes/schedule-times.ts';

const now = new Date('2026-03-17T09:45:01Z');
const texts = (times: Parameters<typeof nextTimes>[0], count = 3): string[] =>
  nextTimes(times, count, now).map((time) => time.toISOString());
const problemOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as { problem?: string }).problem}`;
  }
  return 'nothing';
};

describe('a cron expression', () => {
  it('is what all backends read: five fields, or a name for them', () => {
    expect(readCron(' 0  6 * * 1-5 ')).toBe('0 6 * * 1-5');
    expect(readCron('*/15 0-6/2 1,15 JAN MON')).toBe('*/15 0-6/2 1,15 JAN MON');
    expect(readCron('@daily')).toBe('0 0 * * *');
    expect(readCron('0 0 6 * * 1', true)).toBe('0 0 6 * * 1');
  });

  it('is refused for what is wrong with it', () => {
    const wrong = {
      'every day': '2 fields',
      '0 0 6 * * 1': '6 fields',
      '61 * * * *': 'Invalid value for minute: 61',
      '*/0 * * * *': 'illegal stepping',
      'a b c d e': 'illegal characters',
      '0 0 30 2 *': 'never due',
      '0 0 L * *': '"L" in',
      '0 0 1W * *': '"1W" in',
      '0 0 * * 1#2': '"#" in',
      '? 0 * * *': '"?" in',
      '0 0 * * 7': 'a day of the week 7',
      'TZ=Europe/Berlin 0 6 * * *': 'has a time zone in it',
      '@every 1h': 'is an interval',
      '': '1 field,',
    };
    for (const [cron, problem] of Object.entries(wrong)) {
      const said = problemOf(() => readCron(cron));
      expect(said).toMatch(/^FER8014/);
      expect(said).toContain(problem);
    }
  });
});

describe('the times of a schedule', () => {
  it('are foretold in its zone, through the change of the clocks', () => {
    expect(texts({ cron: '0 6 * * *' }, 2)).toEqual(['2026-03-18T06:00:00.000Z', '2026-03-19T06:00:00.000Z']);
    expect(
      nextTimes({ cron: '0 6 * * *', timeZone: 'Europe/Berlin' }, 2, new Date('2026-03-28T00:00:00Z')).map(
        (time) => time.toISOString(),
      ),
    ).toEqual(['2026-03-28T05:00:00.000Z', '2026-03-29T04:00:00.000Z']);
  });

  it('begin no sooner than the start, which is due itself, and end with the end', () => {
    const times = { cron: '0 * * * *', startAt: '2026-03-18T06:00:00Z', endAt: '2026-03-18T07:00:00Z' };
    expect(texts(times)).toEqual(['2026-03-18T06:00:00.000Z', '2026-03-18T07:00:00.000Z']);
  });

  it('of an interval count from the start, else from now', () => {
    expect(texts({ interval: 600 }, 2)).toEqual(['2026-03-17T09:55:01.000Z', '2026-03-17T10:05:01.000Z']);
    expect(texts({ interval: 3600, startAt: '2026-03-17T00:30:00Z' }, 1)).toEqual([
      '2026-03-17T10:30:00.000Z',
    ]);
    expect(texts({ interval: 3600, startAt: '2026-03-18T00:30:00Z' }, 1)).toEqual([
      '2026-03-18T00:30:00.000Z',
    ]);
  });

  it('are refused where they cannot come', () => {
    const cron = '0 6 * * *';
    const check = (times: Parameters<typeof checkTimes>[0]): string =>
      problemOf(() => checkTimes(times, now));
    expect(check({})).toContain('either a cron expression or an interval');
    expect(check({ cron, interval: 5 })).toContain('either a cron expression or an interval');
    expect(check({ interval: 0.5 })).toContain('0.5 is no number of seconds');
    expect(check({ cron, timeZone: 'Europe/Bonn' })).toContain('"Europe/Bonn" is no time zone');
    expect(check({ interval: 60, timeZone: 'UTC' })).toContain('a time zone belongs to a cron expression');
    expect(check({ cron, endAt: '2026-03-01T00:00:00Z' })).toContain('would have ended');
    expect(check({ cron, startAt: '2026-04-02T00:00:00Z', endAt: '2026-04-01T00:00:00Z' })).toContain(
      'before it begins',
    );
    expect(check({ cron, endAt: '2026-03-17T23:00:00Z' })).toContain('before it is due for the first time');
    expect(check({ cron, startAt: 'soon' })).toContain('"soon" is no time');
    expect(check({ cron, startAt: '2026-02-01T00:00:00Z' })).toBe('nothing');
  });
});
