import type {
  RemoteSchedule,
  ScheduleChange,
  ScheduleLimits,
  ScheduleRequest,
  ScheduleService,
  ScheduleTimes,
} from '../schedule-ports.ts';
import { readCron, wrongTime } from '../schedule-times.ts';
import { scheduleAnswer, schedulesPage, type VertexSchedule } from './answers.ts';
import { jobRequest, type VertexSettings } from './job-request.ts';
import { vertexRuns } from './run-service.ts';
import type { VertexHttp } from './vertex-http.ts';

/** Schedules of Vertex AI Pipelines. */
export function vertexSchedules(http: VertexHttp, settings: VertexSettings = {}): ScheduleService {
  const path = (id: string, order = ''): string => `/schedules/${encodeURIComponent(id)}${order}`;
  const read = (value: unknown): VertexSchedule => scheduleAnswer.parse(value);
  const pause = (id: string): Promise<void> => http.order(path(id, ':pause'), `pausing the schedule ${id}`);
  return {
    backend: 'vertex',
    pause,
    async create(request) {
      checkTimes(request);
      const { displayName: _, ...job } = jobRequest(request.run, settings);
      const body = {
        displayName: request.name,
        ...timesOf(request),
        ...limitsOf({ maxConcurrent: 1, ...request }),
        createPipelineJobRequest: { parent: await http.parent(), pipelineJob: job },
      };
      const answer = await http.create(
        '/schedules',
        `making the schedule ${request.name}`,
        body,
        undefined,
        [],
        false,
      );
      const schedule = scheduleOf(read(JSON.parse(answer.text)));
      if (request.enabled !== false) return schedule;
      await pause(schedule.id);
      return { ...schedule, status: 'paused' };
    },
    get: async (id) => scheduleOf(await http.get(path(id), `looking at the schedule ${id}`, read)),
    async list({ filter, sortBy = 'create_time desc', pageSize = 20, pageToken } = {}) {
      const query = { filter, pageSize, pageToken, orderBy: sortBy };
      const page = await http.get(
        '/schedules',
        'listing schedules',
        (value) => schedulesPage.parse(value),
        query,
      );
      const schedules = (page.schedules ?? []).map(scheduleOf);
      return { schedules, ...(page.nextPageToken && { nextPageToken: page.nextPageToken }) };
    },
    resume: (id, catchUp) =>
      http.order(
        path(id, ':resume'),
        `resuming the schedule ${id}`,
        catchUp === undefined ? {} : { catchUp },
      ),
    async update(id, change) {
      checkTimes(change);
      const fields = {
        ...(change.name !== undefined && { displayName: change.name }),
        ...timesOf(change),
        ...limitsOf(change),
      };
      const updateMask = Object.keys(fields).join(',');
      const doing = `changing the schedule ${id}`;
      const body = { name: `${await http.parent()}${path(id)}`, ...fields };
      return scheduleOf(await http.patch(path(id), doing, read, body, { updateMask }));
    },
    delete: (id) => http.delete(path(id), `deleting the schedule ${id}`),
    runs: async (id, query) =>
      vertexRuns(http).list({ ...query, filter: `schedule_name=${await http.parent()}/schedules/${id}` }),
    close: () => http.close(),
  };
}

function checkTimes(
  request: (ScheduleRequest | ScheduleChange) & { readonly catchUp?: boolean; readonly run?: unknown },
): void {
  if (request.interval !== undefined)
    throw wrongTime(
      'Vertex AI knows no intervals',
      'write a cron expression: "*/10 * * * *" is every ten minutes',
    );
  if (request.run !== undefined && request.cron === undefined)
    throw wrongTime('a schedule of Vertex AI takes a cron expression', 'give one, such as "0 6 * * *"');
  if (request.cron !== undefined) readCron(request.cron);
  if (request.timeZone !== undefined && request.cron === undefined)
    throw wrongTime('a time zone belongs to a cron expression', 'give both');
  if (request.catchUp === true)
    throw wrongTime(
      'Vertex AI makes up for missed runs only when a schedule is resumed',
      'leave it out here, and ask for it when resuming',
    );
}

function timesOf({ cron, timeZone, startAt, endAt }: ScheduleTimes): Record<string, string> {
  return {
    ...(cron !== undefined && {
      cron: `${timeZone === undefined ? '' : `TZ=${timeZone} `}${readCron(cron)}`,
    }),
    ...(startAt !== undefined && { startTime: startAt }),
    ...(endAt !== undefined && { endTime: endAt }),
  };
}

/** Counts are 64-bit numbers, which the API has as texts. */
function limitsOf({ maxConcurrent, maxRuns, queueing }: ScheduleLimits): Record<string, unknown> {
  return {
    ...(queueing !== undefined && { allowQueueing: queueing }),
    ...(maxRuns !== undefined && { maxRunCount: String(maxRuns) }),
    ...(maxConcurrent !== undefined && { maxConcurrentRunCount: String(maxConcurrent) }),
  };
}

function scheduleOf(answer: VertexSchedule): RemoteSchedule {
  const {
    name,
    displayName = '',
    state,
    startTime,
    endTime,
    nextRunTime,
    createTime,
    maxConcurrentRunCount,
  } = answer;
  const [, timeZone, cron = answer.cron] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(answer.cron ?? '') ?? [];
  return {
    kind: 'remote-schedule',
    id: name.slice(name.lastIndexOf('/') + 1),
    name: displayName,
    status: state === 'PAUSED' ? 'paused' : state === 'COMPLETED' ? 'completed' : 'active',
    ...(cron !== undefined && { cron }),
    ...(timeZone !== undefined && { timeZone }),
    ...(startTime !== undefined && { startAt: startTime }),
    ...(endTime !== undefined && { endAt: endTime }),
    ...(nextRunTime !== undefined && { nextRunAt: nextRunTime }),
    ...(createTime !== undefined && { createdAt: createTime }),
    ...(maxConcurrentRunCount !== undefined && { maxConcurrent: Number(maxConcurrentRunCount) }),
  };
}
