/** The CronJob of a schedule: each of its Jobs is the driver of one run. */
import type { V1CronJob } from '@kubernetes/client-node';
import { driverSpec, type DriverSettings } from './driver-job.ts';
import { labelValue, marks } from '../api/label-value.ts';

/** Annotations of a CronJob and of its Jobs: what Kubernetes has no field for. */
export const scheduleMarks = {
  /** What the schedule is called by people. */
  name: 'ferrule.dev/schedule-name',
  description: 'ferrule.dev/schedule-description',
  /** Under what the pipeline lies in the root: of this very schedule, and of none that had its name before. */
  key: 'ferrule.dev/schedule-key',
  /** ISO 8601, to the millisecond. */
  createdAt: 'ferrule.dev/created-at',
  /** Before this time, and after the other, its Jobs do nothing: ISO 8601. */
  startAt: 'ferrule.dev/start-at',
  endAt: 'ferrule.dev/end-at',
  /** Times before this one are not made up for: ISO 8601. */
  notBefore: 'ferrule.dev/not-before',
  maxConcurrent: 'ferrule.dev/max-concurrent',
} as const;

/** What can be changed of a CronJob. */
export interface CronJobTimes {
  /** Five fields. */
  readonly cron: string;
  readonly timeZone: string;
  readonly maxConcurrent: number;
  readonly suspend: boolean;
  readonly catchUp: boolean;
  readonly annotations: Readonly<Record<string, string | null>>;
}

export interface CronJobRequest extends CronJobTimes, DriverSettings {
  /** Of the CronJob: at most 52 characters, to which Kubernetes adds the time. */
  readonly id: string;
  readonly key: string;
}

/** Seconds that a Job may be late where nothing is made up for: a control plane restarts in less. */
const lateness = 120;

/** Makes the CronJob. */
export function cronJob(request: CronJobRequest): V1CronJob {
  const { id, key, pipeline, namespace, config } = request;
  const labels = {
    ...config.labels,
    [marks.managedBy]: 'ferrule',
    [marks.pipeline]: labelValue(pipeline),
    [marks.schedule]: id,
  };
  const annotations = { ...config.annotations, [marks.pipeline]: pipeline };
  const times = cronJobFields(request);
  const pod = { labels: { ...labels, [marks.role]: 'driver' }, annotations };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: id, namespace, labels, annotations: { ...annotations, ...times.annotations } },
    spec: {
      ...times.spec,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: pod.labels, annotations: { ...annotations, ...times.annotations } },
        spec: driverSpec(request, pod, ['schedule', 'begin', key]),
      },
    },
  };
}

/** The patch that changes times and limits, and nothing of what is run. */
export function cronJobPatch(times: CronJobTimes): object {
  const { spec, annotations } = cronJobFields(times);
  return {
    metadata: { annotations: times.annotations },
    spec: {
      ...spec,
      startingDeadlineSeconds: spec.startingDeadlineSeconds ?? null,
      jobTemplate: { metadata: { annotations: { ...times.annotations, ...annotations } } },
    },
  };
}

function cronJobFields({ cron, timeZone, maxConcurrent, suspend, catchUp, annotations }: CronJobTimes) {
  const there = Object.entries(annotations).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  return {
    annotations: Object.fromEntries(there) as Record<string, string>,
    spec: {
      schedule: cron,
      timeZone,
      suspend,
      // With more than one at a time its Jobs count each other.
      concurrencyPolicy: maxConcurrent === 1 ? 'Forbid' : 'Allow',
      ...(!catchUp && { startingDeadlineSeconds: lateness }),
    },
  };
}
