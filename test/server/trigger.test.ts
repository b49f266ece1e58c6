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

  it('by an interval counts from its start, or from when it was made', () => {
    const every = (more: object): TriggerMessage => ({
      periodic_schedule: { interval_second: '60', ...more },
    });
    expect(times(every({}), 2)).toEqual(['2026-03-02T10:01:30Z', '2026-03-02T10:02:30Z']);
    const start = every({ start_time: '2026-03-01T00:00:00Z', end_time: '2026-03-01T00:01:30Z' });
    expect(times(start, 9)).toEqual(['2026-03-01T00:00:00Z', '2026-03-01T00:01:00Z']);
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
