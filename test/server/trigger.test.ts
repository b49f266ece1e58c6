import { describe, expect, it } from 'vitest';
import type { TriggerMessage } from '../../server/messages/recurring-run.ts';
import { readTrigger } from '../../server/schedule/trigger.ts';

const at = (text: string): number => Date.parse(text);
const made = at('2026-03-02T10:00:30Z');

/** The next times that are due, in ISO 8601. */
function times(message: TriggerMessage, count: number, zone = 'UTC'): string[] {
  const trigger = readTrigger(message, made, zone);
  const found: string[] = [];
  for (let after = trigger.beginning; found.length < count;) {
    const next = trigger.next(after);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().replace('.000Z', 'Z'));
    after = next;
  }
  return found;
}

const cron = (text: string, more: object = {}): TriggerMessage => ({
  cron_schedule: { cron: text, ...more },
});

describe('a trigger', () => {
  it('by cron takes five fields, six with seconds, and the names of days', () => {
    expect(times(cron('*/30 * * * *'), 2)).toEqual(['2026-03-02T10:30:00Z', '2026-03-02T11:00:00Z']);
    expect(times(cron('15 0 9 ? * 2-6'), 2)).toEqual(['2026-03-03T09:00:15Z', '2026-03-04T09:00:15Z']);
    expect(times(cron('@daily'), 1)).toEqual(['2026-03-03T00:00:00Z']);
    expect(times(cron('0 9 * * MON'), 1)).toEqual(['2026-03-09T09:00:00Z']);
  });

  it('by cron follows the clocks of its time zone, over the change of the hour too', () => {
    const summer = cron('0 9 * * *', { start_time: '2026-03-28T00:00:00Z' });
    expect(times(summer, 2, 'Europe/Berlin')).toEqual(['2026-03-28T08:00:00Z', '2026-03-29T07:00:00Z']);
  });

  it('by cron with an hour that is left out or comes twice is due once a day, and in order', () => {
    const daily = (start: string): TriggerMessage => cron('0 30 2 * * *', { start_time: start });
    for (const start of ['2026-03-27T12:00:00Z', '2026-10-23T12:00:00Z']) {
      const found = times(daily(start), 4, 'Europe/Berlin').map(at);
      const hours = found.slice(1).map((time, index) => (time - (found[index] ?? 0)) / 3_600_000);
      for (const between of hours) expect(between).toBeGreaterThanOrEqual(23);
      for (const between of hours) expect(between).toBeLessThanOrEqual(25);
    }
    // The hour that comes twice: each time of it is another one.
    const often = times(
      cron('0 */30 * * * *', { start_time: '2026-10-24T23:59:00Z' }),
      8,
      'Europe/Berlin',
    ).map(at);
    expect(new Set(often).size).toBe(8);
    expect(often).toEqual(often.toSorted((a, b) => a - b));
  });

  it('is due after its start, and at its end, as with KFP', () => {
    const bounds = { start_time: '2026-03-02T09:00:00Z', end_time: '2026-03-04T09:00:00Z' };
    const expected = ['2026-03-03T09:00:00Z', '2026-03-04T09:00:00Z'];
    expect(times(cron('0 0 9 * * *', bounds), 9)).toEqual(expected);
    expect(times({ periodic_schedule: { interval_second: 86_400, ...bounds } }, 9)).toEqual(expected);
    const trigger = readTrigger(cron('0 0 9 * * *', bounds), made, 'UTC');
    expect(trigger.latest(trigger.beginning, at('2026-03-02T09:30:00Z'))).toBeUndefined();
    expect(trigger.latest(trigger.beginning, at('2027-01-01T00:00:00Z'))).toBe(at('2026-03-04T09:00:00Z'));
  });

  it('by an interval counts from its start, or from when it was made', () => {
    const every = (more: object): TriggerMessage => ({
      periodic_schedule: { interval_second: '60', ...more },
    });
    expect(times(every({}), 2)).toEqual(['2026-03-02T10:01:30Z', '2026-03-02T10:02:30Z']);
    const start = every({ start_time: '2026-03-01T00:00:00Z', end_time: '2026-03-01T00:01:30Z' });
    expect(times(start, 9)).toEqual(['2026-03-01T00:01:00Z']);
    const upTo = every({ start_time: '2026-03-01T00:00:00Z', end_time: '2026-03-01T00:02:00Z' });
    expect(times(upTo, 9)).toEqual(['2026-03-01T00:01:00Z', '2026-03-01T00:02:00Z']);
    expect(times(cron('@every 1h30m'), 1)).toEqual(['2026-03-02T11:30:30Z']);
  });

  it('tells the last time that was due, and none before the first', () => {
    for (const message of [
      cron('*/10 * * * *'),
      cron('@every 10m', { start_time: '2026-03-02T10:10:00Z' }),
    ]) {
      const trigger = readTrigger(message, made, 'UTC');
      expect(trigger.latest(made, at('2026-03-02T10:05:00Z'))).toBeUndefined();
      expect(trigger.latest(made, at('2026-03-02T10:20:00Z'))).toBe(at('2026-03-02T10:20:00Z'));
      expect(trigger.latest(made, at('2026-03-02T10:39:59.9Z'))).toBe(at('2026-03-02T10:30:00Z'));
      expect(trigger.latest(at('2026-03-02T10:30:00Z'), at('2026-03-02T10:39:59Z'))).toBeUndefined();
    }
  });

  it('that does not read is refused', () => {
    const wrong: TriggerMessage[] = [
      {},
      { ...cron('@daily'), periodic_schedule: { interval_second: 1 } },
      { periodic_schedule: { interval_second: 0 } },
      cron('99 * * * *'),
      cron('@every soon'),
      cron('@every 1ms'),
      cron('* * * * *', { start_time: '2026-03-02T00:00:00Z', end_time: '2026-03-01T00:00:00Z' }),
    ];
    for (const message of wrong) expect(() => readTrigger(message, made, 'UTC')).toThrow(/./);
    expect(() => readTrigger(cron('@daily'), made, 'Mars/Olympus')).toThrow(/./);
  });
});
