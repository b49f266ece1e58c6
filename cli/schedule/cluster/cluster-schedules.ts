/** Schedules without a server: CronJobs, each of whose Jobs drives one run under a root that is shared. */
import { UserError } from '../../../errors/index.ts';
import type { ScheduleService } from '../../../remotes/schedule-ports.ts';
import { checkTimes, readCron, wrongTime } from '../../../remotes/schedule-times.ts';
import { cronJobPatch, scheduleMarks } from '../../../runners/kubernetes/driver/cron-job.ts';
import type { FoundCronJob } from '../../../runners/kubernetes/driver/cron-jobs.ts';
import { removeScheduledPipeline } from '../../../stores/index.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { createCronJob, refuseWhatCronJobsLack } from './create-cron-job.ts';
import { changedTimes, scheduleOf } from './cron-job-facts.ts';
import { lastTrouble, runsOf } from './scheduled-runs.ts';

/** CronJobs as a service that starts runs by itself. */
export function clusterSchedules(parts: ClusterParts): ScheduleService {
  const { cronJobs, root } = parts;
  const find = async (id: string): Promise<FoundCronJob> => {
    const found = await cronJobs.read(id);
    if (found !== undefined) return found;
    throw new UserError('FER8004', {
      problem: `the namespace ${cronJobs.namespace} has no schedule ${id}`,
      fix: '`ferrule schedule list --backend kubernetes` lists them; --namespace names another namespace',
    });
  };
  const suspend = async (id: string, isPaused: boolean, notBefore?: string): Promise<void> => {
    const there = await find(id);
    const times = changedTimes(there, {});
    const marked = notBefore === undefined ? {} : { [scheduleMarks.notBefore]: notBefore };
    await cronJobs.patch(
      id,
      cronJobPatch({ ...times, suspend: isPaused, annotations: { ...times.annotations, ...marked } }),
    );
  };
  return {
    backend: 'kubernetes',
    create: (request) => createCronJob(request, parts),
    get: async (id) => {
      const schedule = scheduleOf(await find(id), new Date());
      const error = await lastTrouble(id, cronJobs, root);
      return { ...schedule, ...(error !== undefined && { error }) };
    },
    async list({ filter, pageSize = 20, pageToken = '0' } = {}) {
      const now = new Date();
      const all = (await cronJobs.list(filter)).map((one) => scheduleOf(one, now));
      all.sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1));
      const from = Number(pageToken);
      const next = from + pageSize;
      return {
        schedules: all.slice(from, next),
        ...(next < all.length && { nextPageToken: `${next}` }),
      };
    },
    pause: (id) => suspend(id, true),
    async resume(id, catchUp) {
      const { spec } = await find(id);
      if (catchUp === true && spec.startingDeadlineSeconds !== undefined)
        throw wrongTime(
          `the schedule ${id} makes up for nothing: it was made with --no-catch-up`,
          'leave it out; or delete the schedule, and make another one',
        );
      await suspend(id, false, catchUp === false ? new Date().toISOString() : undefined);
    },
    async update(id, change) {
      refuseWhatCronJobsLack(change);
      const there = await find(id);
      const now = new Date();
      const { startAt, endAt } = scheduleOf(there, now);
      const times = changedTimes(there, {
        ...change,
        ...(change.cron !== undefined && { cron: readCron(change.cron) }),
      });
      checkTimes(
        { cron: times.cron, timeZone: times.timeZone, ...pick({ startAt, endAt }), ...pick(change) },
        now,
      );
      // Kubernetes takes the new times for missed ones, as if they had been there all the time.
      const isOther = change.cron !== undefined || change.timeZone !== undefined;
      const marked = isOther ? { [scheduleMarks.notBefore]: now.toISOString() } : {};
      await cronJobs.patch(id, cronJobPatch({ ...times, annotations: { ...times.annotations, ...marked } }));
      return scheduleOf(await find(id), new Date());
    },
    async delete(id) {
      const { metadata } = await find(id);
      await cronJobs.delete(id);
      const key = metadata.annotations[scheduleMarks.key];
      if (key !== undefined) await removeScheduledPipeline(root.objects, key);
    },
    async runs(id, query) {
      const { metadata } = await find(id);
      return runsOf(metadata.annotations[scheduleMarks.key] ?? '', root, query);
    },
    async close() {
      cronJobs.close();
      await parts.runner.close();
    },
  };
}

/** What is there of the start and the end. */
function pick({
  startAt,
  endAt,
}: {
  readonly startAt?: string | undefined;
  readonly endAt?: string | undefined;
}) {
  return { ...(startAt !== undefined && { startAt }), ...(endAt !== undefined && { endAt }) };
}
