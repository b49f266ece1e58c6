/** What a CronJob of ours says, as a schedule. */
import type { RemoteSchedule, ScheduleChange } from '../../../remotes/schedule-ports.ts';
import { nextTimes } from '../../../remotes/schedule-times.ts';
import { scheduleMarks, type CronJobTimes } from '../../../runners/kubernetes/driver/cron-job.ts';
import type { FoundCronJob } from '../../../runners/kubernetes/driver/cron-jobs.ts';

/** The zone of a cron expression that names none. Without it the cluster's own, whatever that is, would count. */
export const defaultZone = 'Etc/UTC';

/** Reads a schedule as of a time. */
export function scheduleOf({ metadata, spec, status }: FoundCronJob, now: Date): RemoteSchedule {
  const { annotations } = metadata;
  const text = (mark: keyof typeof scheduleMarks): string | undefined => annotations[scheduleMarks[mark]];
  const [startAt, endAt] = [text('startAt'), text('endAt')];
  const createdAt = text('createdAt');
  const timeZone = spec.timeZone === defaultZone ? undefined : spec.timeZone;
  const times = {
    cron: spec.schedule,
    ...(timeZone !== undefined && { timeZone }),
    ...(startAt !== undefined && { startAt }),
    ...(endAt !== undefined && { endAt }),
  };
  const [next] = nextTimes(times, 1, now);
  const over = endAt !== undefined && Date.parse(endAt) <= now.getTime();
  const state = over ? 'completed' : spec.suspend ? 'paused' : 'active';
  return {
    kind: 'remote-schedule',
    id: metadata.name,
    name: text('name') ?? metadata.name,
    status: state,
    ...times,
    maxConcurrent: Number(text('maxConcurrent') ?? 1),
    ...(state === 'active' && next !== undefined && { nextRunAt: next.toISOString() }),
    ...(status.lastScheduleTime !== undefined && { lastRunAt: status.lastScheduleTime }),
    ...(createdAt !== undefined && { createdAt }),
  };
}

/** What a CronJob would be after a change. Nothing but what the change names becomes another. */
export function changedTimes({ metadata, spec }: FoundCronJob, change: ScheduleChange): CronJobTimes {
  const { annotations } = metadata;
  const maxConcurrent = change.maxConcurrent ?? Number(annotations[scheduleMarks.maxConcurrent] ?? 1);
  return {
    cron: change.cron ?? spec.schedule,
    timeZone: change.timeZone ?? spec.timeZone ?? defaultZone,
    suspend: spec.suspend,
    catchUp: spec.startingDeadlineSeconds === undefined,
    maxConcurrent,
    annotations: {
      ...(change.name !== undefined && { [scheduleMarks.name]: change.name }),
      ...(change.startAt !== undefined && { [scheduleMarks.startAt]: change.startAt }),
      ...(change.endAt !== undefined && { [scheduleMarks.endAt]: change.endAt }),
      [scheduleMarks.maxConcurrent]: `${maxConcurrent}`,
    },
  };
}
