/** Whether a Job of a schedule has a run to begin, and which. */
import type { ScheduledJob } from '../../../runners/kubernetes/driver/cron-jobs.ts';
import { scheduleMarks } from '../../../runners/kubernetes/driver/cron-job.ts';
import { scheduledRunId } from '../../run-id.ts';

export type Turn =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'left-out'; readonly reason: string };

/** Names the run of a Job. */
export function runIdOf({ annotations, due, manual, uid }: ScheduledJob): string {
  return scheduledRunId(annotations[scheduleMarks.key] ?? '', new Date(due), manual ? uid : '');
}

/**
 * Decides what a Job is to do. All Jobs of a schedule come to the same answer, in whatever order they ask.
 * @param others the Jobs of its schedule
 */
export function turnOf(job: ScheduledJob, others: readonly ScheduledJob[]): Turn {
  const timeOf = (mark: keyof typeof scheduleMarks): number | undefined => {
    const text = job.annotations[scheduleMarks[mark]];
    return text === undefined ? undefined : Date.parse(text);
  };
  const leftOut = (reason: string): Turn => ({ kind: 'left-out', reason });
  // What a person starts out of turn is wanted now.
  if (!job.manual) {
    if (job.due < (timeOf('startAt') ?? 0)) return leftOut('the schedule has not begun yet');
    if (job.due > (timeOf('endAt') ?? Infinity)) return leftOut('the schedule has ended');
    if (job.due < (timeOf('notBefore') ?? 0))
      return leftOut('the schedule was resumed or changed after it was due');
  }
  const most = Number(job.annotations[scheduleMarks.maxConcurrent] ?? 1);
  const before = others.filter(({ uid, due, state }) => uid !== job.uid && state === 'open' && due < job.due);
  if (before.length >= most)
    return leftOut(
      `${before.length} earlier run${before.length === 1 ? '' : 's'} of it still go${before.length === 1 ? 'es' : ''} on`,
    );
  return { kind: 'run', runId: runIdOf(job) };
}
