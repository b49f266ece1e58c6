import { describe, expect, it } from 'vitest';
import { runIdOf, turnOf } from '../../cli/schedule/cluster/turn.ts';
import { isRunId } from '../../cli/run-id.ts';
import type { ScheduledJob } from '../../runners/kubernetes/driver/cron-jobs.ts';

const due = Date.parse('2026-03-17T06:00:00Z');
const job = (
  more: Partial<ScheduledJob> & { readonly marks?: Record<string, string> } = {},
): ScheduledJob => {
  const { marks, ...rest } = more;
  const annotations = { 'ferrule.dev/schedule-key': 'nightly-1', ...marks };
  return {
    name: 'nightly-1',
    uid: 'u1',
    schedule: 'nightly',
    due,
    madeAt: due,
    manual: false,
    state: 'open',
    annotations,
    ...rest,
  };
};

describe('the run of a scheduled Job', () => {
  it('is named by the schedule and the time that is due, and by nothing else', () => {
    const id = runIdOf(job());
    expect(id).toMatch(/^20260317-060000-[\da-f]{8}$/);
    expect(isRunId(id)).toBe(true);
    expect(runIdOf(job({ uid: 'u2', name: 'another' }))).toBe(id);
    expect(runIdOf(job({ due: due + 60_000 }))).not.toBe(id);
    expect(runIdOf(job({ marks: { 'ferrule.dev/schedule-key': 'nightly-2' } }))).not.toBe(id);
  });

  it('is one of its own where a person started the Job, even at the very time', () => {
    const byHand = runIdOf(job({ manual: true }));
    expect(byHand).not.toBe(runIdOf(job()));
    expect(byHand.startsWith(runIdOf(job()))).toBe(true);
    expect(runIdOf(job({ manual: true, uid: 'u2' }))).not.toBe(byHand);
    expect(isRunId(byHand)).toBe(true);
  });
});

describe('a scheduled Job', () => {
  const before = (count: number): ScheduledJob[] =>
    Array.from({ length: count }, (_, index) => job({ uid: `b${index}`, due: due - 60_000 * (index + 1) }));

  it('has its turn, unless as many earlier ones go on as there may be', () => {
    const three = job({ marks: { 'ferrule.dev/max-concurrent': '3' } });
    expect(turnOf(job(), [job()])).toEqual({ kind: 'run', runId: runIdOf(job()) });
    expect(turnOf(three, before(2)).kind).toBe('run');
    expect(turnOf(three, before(3))).toEqual({
      kind: 'left-out',
      reason: '3 earlier runs of it still go on',
    });
    expect(turnOf(job(), before(1))).toEqual({
      kind: 'left-out',
      reason: '1 earlier run of it still goes on',
    });
  });

  it('counts neither those that have ended nor those that are due later', () => {
    const ended = before(3).map((one): ScheduledJob => ({ ...one, state: 'failed' }));
    expect(turnOf(job(), [...ended, job({ uid: 'later', due: due + 1 })]).kind).toBe('run');
  });

  it('does nothing before the start, after the end, and for times before it was resumed', () => {
    const at = (mark: string, time: string): string => {
      const turn = turnOf(job({ marks: { [`ferrule.dev/${mark}`]: time } }), []);
      return turn.kind === 'run' ? 'run' : turn.reason;
    };
    expect(at('start-at', '2026-03-17T06:00:00Z')).toBe('run');
    expect(at('start-at', '2026-03-17T06:00:01Z')).toBe('the schedule has not begun yet');
    expect(at('end-at', '2026-03-17T06:00:00Z')).toBe('run');
    expect(at('end-at', '2026-03-17T05:59:59Z')).toBe('the schedule has ended');
    expect(at('not-before', '2026-03-17T06:00:01Z')).toBe(
      'the schedule was resumed or changed after it was due',
    );
    const byHand = job({ manual: true, marks: { 'ferrule.dev/end-at': '2026-03-01T00:00:00Z' } });
    expect(turnOf(byHand, []).kind).toBe('run');
  });
});
