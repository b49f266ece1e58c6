import type { RemoteSchedule, ScheduleRequest, ScheduleService } from '../schedule-ports.ts';
import { readCron, wrongTime } from '../schedule-times.ts';
import { reading, recurringRunAnswer, recurringRunsPage, type RecurringRunAnswer } from './answers.ts';
import { kfpExperiments } from './experiments.ts';
import { filterBy } from './filter.ts';
import { jobOf } from './job.ts';
import type { KfpHttp } from './kfp-http.ts';
import { pageQuery } from './page-query.ts';
import { kfpRuns } from './run-service.ts';

/** Recurring runs of KFP. */
export function kfpSchedules(http: KfpHttp): ScheduleService {
  const path = (id: string, order = ''): string => `/recurringruns/${encodeURIComponent(id)}${order}`;
  return {
    backend: 'kfp',
    async create(request) {
      const trigger = triggerOf(request);
      const experiment = await kfpExperiments(http).ensure(request.run.experiment ?? 'Default');
      const body = {
        experiment_id: experiment.id,
        display_name: request.name,
        ...(request.description !== undefined && { description: request.description }),
        mode: request.enabled === false ? 'DISABLE' : 'ENABLE',
        ...jobOf(request.run),
        ...(request.catchUp !== undefined && { no_catchup: !request.catchUp }),
        trigger,
        max_concurrency: request.maxConcurrent ?? 1,
      };
      const doing = `making the recurring run ${request.name}`;
      return scheduleOf(await http.post('/recurringruns', doing, reading(recurringRunAnswer), body));
    },
    get: async (id) =>
      scheduleOf(await http.get(path(id), `looking at the recurring run ${id}`, reading(recurringRunAnswer))),
    async list(wanted = {}) {
      const query = pageQuery(http, wanted);
      const page = await http.get(
        '/recurringruns',
        'listing recurring runs',
        reading(recurringRunsPage),
        query,
      );
      return {
        schedules: (page.recurringRuns ?? []).map(scheduleOf),
        ...(page.next_page_token && { nextPageToken: page.next_page_token }),
      };
    },
    pause: (id) => http.order(path(id, ':disable'), `pausing the recurring run ${id}`),
    async resume(id, catchUp) {
      if (catchUp !== undefined)
        throw wrongTime(
          'KFP knows from when a recurring run was made whether it makes up for missed runs',
          'leave it out; or delete the recurring run, and make another one',
        );
      await http.order(path(id, ':enable'), `resuming the recurring run ${id}`);
    },
    async update(id) {
      throw wrongTime(`KFP cannot change the recurring run ${id}`, 'delete it, and make another one');
    },
    delete: (id) => http.delete(path(id), `deleting the recurring run ${id}`),
    runs: (id, query) => kfpRuns(http).list({ ...query, filter: filterBy('recurring_run_id', 'equals', id) }),
    close: () => http.close(),
  };
}

function triggerOf({
  cron,
  interval,
  timeZone,
  startAt,
  endAt,
  maxRuns,
  maxConcurrent,
  queueing,
}: ScheduleRequest): unknown {
  const times = {
    ...(startAt !== undefined && { start_time: startAt }),
    ...(endAt !== undefined && { end_time: endAt }),
  };
  if ((cron === undefined) === (interval === undefined))
    throw wrongTime('a schedule takes either a cron expression or an interval', 'give one of them');
  if (timeZone !== undefined)
    throw wrongTime(
      `KFP has one time zone for all recurring runs, and takes none for this one ("${timeZone}")`,
      'write the times in the zone of the deployment, mostly UTC',
    );
  if (maxRuns !== undefined || queueing === true)
    throw wrongTime(
      'KFP limits neither the number of runs of a recurring run nor queues them',
      'leave it out, or give an end time',
    );
  if (maxConcurrent !== undefined && (maxConcurrent < 1 || maxConcurrent > 10))
    throw wrongTime(
      `KFP lets 1 to 10 runs of a recurring run go on at a time, not ${maxConcurrent}`,
      'give one of these',
    );
  if (interval !== undefined) {
    if (!Number.isInteger(interval) || interval < 1)
      throw wrongTime(`${interval} is no number of seconds`, 'give a whole number above 0');
    return { periodic_schedule: { ...times, interval_second: interval } };
  }
  const fields = readCron(cron ?? '', true).split(' ');
  // KFP counts seconds too, and they come first.
  return { cron_schedule: { ...times, cron: (fields.length === 5 ? ['0', ...fields] : fields).join(' ') } };
}

function scheduleOf(answer: RecurringRunAnswer): RemoteSchedule {
  const {
    recurring_run_id,
    display_name = '',
    status,
    mode,
    created_at,
    max_concurrency,
    trigger = {},
    error,
  } = answer;
  const { cron_schedule, periodic_schedule } = trigger;
  const { start_time, end_time } = cron_schedule ?? periodic_schedule ?? {};
  const isPaused = status === 'DISABLED' || (status === undefined && mode === 'DISABLE');
  return {
    kind: 'remote-schedule',
    id: recurring_run_id,
    name: display_name,
    status: isPaused ? 'paused' : 'active',
    ...(cron_schedule?.cron !== undefined && {
      cron: cron_schedule.cron.replace(/^0 (?=(\S+ ){4}\S+$)/, ''),
    }),
    ...(periodic_schedule?.interval_second !== undefined && {
      interval: Number(periodic_schedule.interval_second),
    }),
    ...(start_time !== undefined && { startAt: start_time }),
    ...(end_time !== undefined && { endAt: end_time }),
    ...(max_concurrency !== undefined && { maxConcurrent: Number(max_concurrency) }),
    ...(created_at !== undefined && { createdAt: created_at }),
    ...(error?.message && { error: error.message }),
  };
}
