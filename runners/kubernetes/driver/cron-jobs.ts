/** CronJobs in the cluster, and the Jobs that they made. */
import { setTimeout as wait } from 'node:timers/promises';
import type { V1CronJob } from '@kubernetes/client-node';
import * as z from 'zod';
import { ApiError } from '../api/api-error.ts';
import { openAccess } from '../api/cluster-access.ts';
import { openConnection } from '../api/connection.ts';
import { scheduleMarks } from './cron-job.ts';
import { requireDriverAccount } from './driver-account.ts';
import { marks } from '../api/label-value.ts';
import { conditionOf } from '../api/observed.ts';
import type { ClusterConfig } from '../options.ts';

const texts = z.record(z.string(), z.string()).default({});

const cronJobSchema = z.object({
  metadata: z.object({
    name: z.string(),
    deletionTimestamp: z.string().exactOptional(),
    labels: texts,
    annotations: texts,
  }),
  spec: z.object({
    schedule: z.string(),
    timeZone: z.string().exactOptional(),
    suspend: z.boolean().default(false),
    startingDeadlineSeconds: z.number().exactOptional(),
  }),
  status: z.object({ lastScheduleTime: z.string().exactOptional() }).default({}),
});

const jobSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    labels: texts,
    annotations: texts,
  }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().exactOptional(),
            message: z.string().exactOptional(),
          }),
        )
        .exactOptional(),
    })
    .default({}),
});

/** A CronJob as it is in the cluster. */
export type FoundCronJob = z.infer<typeof cronJobSchema>;

/** A Job that a schedule started. */
export interface ScheduledJob {
  readonly name: string;
  readonly uid: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The CronJob that it is of. */
  readonly schedule: string;
  /** When it was due, milliseconds since 1970. One that a person made is due when it was made. */
  readonly due: number;
  /** When it was made: what was missed is made up for later. */
  readonly madeAt: number;
  readonly manual: boolean;
  readonly state: 'open' | 'complete' | 'failed';
  readonly reason?: string;
}

export interface CronJobs {
  readonly server: string;
  readonly namespace: string;
  /** Asks the cluster whether it would take a CronJob, without making it. @throws coded errors where it would not */
  check(cronJob: V1CronJob, config: ClusterConfig): Promise<void>;
  /** Makes a CronJob; `exists` where the name is taken. */
  create(cronJob: V1CronJob): Promise<'created' | 'exists'>;
  /** Reads one of ours; undefined where there is none. */
  read(name: string): Promise<FoundCronJob | undefined>;
  /** @param selector of labels, beside those of ours */
  list(selector?: string): Promise<readonly FoundCronJob[]>;
  patch(name: string, patch: object): Promise<void>;
  /** Removes a CronJob; the Jobs that it made stay. */
  delete(name: string): Promise<void>;
  job(name: string): Promise<ScheduledJob | undefined>;
  /** The Jobs of a schedule that are there still, the newest first. */
  jobs(schedule: string): Promise<readonly ScheduledJob[]>;
  close(): void;
}

/** Milliseconds in which a CronJob that was deleted is gone, mostly. */
const goneWithin = 10_000;

/** Opens the cluster. */
export async function openCronJobs({ context, namespace: wanted }: ClusterConfig): Promise<CronJobs> {
  const access = await openAccess({
    ...(context !== undefined && { context }),
    ...(wanted !== undefined && { namespace: wanted }),
  });
  const connection = openConnection(access);
  const { namespace } = access;
  const cronJobs = `/apis/batch/v1/namespaces/${namespace}/cronjobs`;
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const call = async (request: Parameters<typeof connection.call>[0]): Promise<unknown> => {
    try {
      return await connection.call(request);
    } catch (thrown) {
      throw connection.explain(thrown);
    }
  };
  /** Undefined where what was asked for is not there. */
  const find = async (what: string, path: string): Promise<unknown> => {
    try {
      return await connection.call({ what, path });
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 404) return undefined;
      throw connection.explain(thrown);
    }
  };
  const read = async (name: string): Promise<FoundCronJob | undefined> => {
    const answer = await find('get cronjobs', `${cronJobs}/${encodeURIComponent(name)}`);
    const found = answer === undefined ? undefined : cronJobSchema.parse(answer);
    return found !== undefined && isOurs(found) ? found : undefined;
  };
  return {
    server: connection.server,
    namespace,
    read,
    async check(cronJob, config) {
      await requireDriverAccount(connection, config);
      try {
        const query = { dryRun: 'All' };
        await connection.call({
          what: 'create cronjobs',
          method: 'POST',
          path: cronJobs,
          query,
          body: cronJob,
        });
      } catch (thrown) {
        // That the name is taken is told when it is made.
        if (!(thrown instanceof ApiError && thrown.status === 409)) throw connection.explain(thrown);
      }
    },
    async create(cronJob) {
      try {
        await connection.call({ what: 'create cronjobs', method: 'POST', path: cronJobs, body: cronJob });
        return 'created';
      } catch (thrown) {
        if (!(thrown instanceof ApiError && thrown.status === 409)) throw connection.explain(thrown);
        // A request whose answer was lost is sent again, and finds what it made.
        const there = await read(cronJob.metadata?.name ?? '');
        const key = cronJob.metadata?.annotations?.[scheduleMarks.key];
        return there?.metadata.annotations[scheduleMarks.key] === key ? 'created' : 'exists';
      }
    },
    async list(selector) {
      const own = `${marks.managedBy}=ferrule,${marks.schedule}`;
      const labelSelector = selector === undefined ? own : `${own},${selector}`;
      const answer = await call({ what: 'list cronjobs', path: cronJobs, query: { labelSelector } });
      return z
        .object({ items: z.array(cronJobSchema) })
        .parse(answer)
        .items.filter(isOurs);
    },
    patch: async (name, body) =>
      void (await call({
        what: 'patch cronjobs',
        method: 'PATCH',
        path: `${cronJobs}/${encodeURIComponent(name)}`,
        body,
      })),
    async delete(name) {
      const path = `${cronJobs}/${encodeURIComponent(name)}`;
      await call({ what: 'delete cronjobs', method: 'DELETE', path, query: { propagationPolicy: 'Orphan' } });
      // It is there until its Jobs have been let go of, and so long nothing else can have its name.
      const until = Date.now() + goneWithin;
      while (Date.now() < until && (await find('get cronjobs', path)) !== undefined) await wait(200);
    },
    async job(name) {
      const answer = await find('get jobs', `${jobs}/${encodeURIComponent(name)}`);
      return answer === undefined ? undefined : scheduledJob(jobSchema.parse(answer));
    },
    async jobs(schedule) {
      const query = {
        labelSelector: `${marks.managedBy}=ferrule,${marks.schedule}=${schedule},${marks.role}=driver`,
      };
      const answer = await call({ what: 'list jobs', path: jobs, query });
      const { items } = z.object({ items: z.array(jobSchema) }).parse(answer);
      return items.map(scheduledJob).sort((a, b) => b.due - a.due);
    },
    close() {
      connection.close();
      access.close();
    },
  };
}

/** Tells whether a CronJob is of ours, and is to stay. */
function isOurs({ metadata }: FoundCronJob): boolean {
  return metadata.labels[marks.schedule] !== undefined && metadata.deletionTimestamp === undefined;
}

/** What Kubernetes writes onto each Job of a CronJob. */
const dueMark = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

function scheduledJob(job: z.infer<typeof jobSchema>): ScheduledJob {
  const { name, uid, creationTimestamp, labels, annotations } = job.metadata;
  const due = annotations[dueMark];
  const failed = conditionOf(job, 'Failed');
  const reason = failed?.message ?? failed?.reason;
  return {
    name,
    uid,
    annotations,
    schedule: labels[marks.schedule] ?? '',
    due: Date.parse(due ?? creationTimestamp),
    madeAt: Date.parse(creationTimestamp),
    manual: due === undefined,
    state: failed !== undefined ? 'failed' : conditionOf(job, 'Complete') === undefined ? 'open' : 'complete',
    ...(reason !== undefined && { reason }),
  };
}
