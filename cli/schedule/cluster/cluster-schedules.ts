/** Schedules without a server: CronJobs, each of whose Jobs drives one run under a root that is shared. */
import { randomBytes } from 'node:crypto';
import { checkPipeline, loadExpressions, type Bundles, type Runner } from '../../../engine/index.ts';
import { UserError } from '../../../errors/index.ts';
import type {
  RemoteRun,
  RunPage,
  RunQuery,
  ScheduleRequest,
  ScheduleService,
} from '../../../remotes/ports.ts';
import { checkTimes, readCron, wrongTime } from '../../../remotes/schedule-times.ts';
import { cronJob, cronJobPatch, scheduleMarks } from '../../../runners/kubernetes/cron-job.ts';
import type { CronJobs, FoundCronJob } from '../../../runners/kubernetes/cron-jobs.ts';
import type { ClusterConfig } from '../../../runners/kubernetes/options.ts';
import {
  checkParameters,
  digestOf,
  hexOf,
  readIdentity,
  type CompiledPipeline,
} from '../../../spec/index.ts';
import {
  keepScheduledPipeline,
  openProjection,
  removeScheduledPipeline,
  type Root,
  type RunSummary,
} from '../../../stores/index.ts';
import { readShownRun } from '../../find-run.ts';
import { changedTimes, defaultZone, scheduleOf } from './cron-job-facts.ts';
import { runIdOf } from './turn.ts';

export interface ClusterParts {
  readonly cronJobs: CronJobs;
  readonly root: Pick<Root, 'uri' | 'objects' | 'runs' | 'tableFile' | 'bundles'>;
  readonly config: ClusterConfig;
  /** Checks what it could not run. */
  readonly runner: Runner;
  /** Most tasks of a run at a time. */
  readonly concurrency: number;
}

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
    create: (request) => create(request, parts),
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
      const { startAt, endAt } = scheduleOf(there, new Date());
      const times = changedTimes(there, {
        ...change,
        ...(change.cron !== undefined && { cron: readCron(change.cron) }),
      });
      checkTimes(
        { cron: times.cron, timeZone: times.timeZone, ...pick({ startAt, endAt }), ...pick(change) },
        new Date(),
      );
      await cronJobs.patch(id, cronJobPatch(times));
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

async function create(request: ScheduleRequest, parts: ClusterParts) {
  const { cronJobs, root, config, runner, concurrency } = parts;
  refuseWhatCronJobsLack(request);
  checkTimes(request, new Date());
  const { run, name, description, startAt, endAt, maxConcurrent = 1 } = request;
  refuseSettingsOfOthers(request, root.uri);
  const { runtimeImage } = config;
  if (runtimeImage === undefined)
    throw new UserError('FER1008', {
      problem: 'the driver of each run needs the runtime image, and none is named',
      fix: 'make one with `ferrule build --runtime --push`, and name it in cluster.yaml: runtimeImage: ... (or FERRULE_IMAGE)',
    });
  const { compiled } = run;
  await loadExpressions(compiled.spec);
  checkPipeline(compiled, runner);
  const parameters = checkParameters(compiled.spec, run.parameters);
  const id = cronJobName(name);
  const key = `${id}-${randomBytes(4).toString('hex')}`;
  const made = cronJob({
    id,
    key,
    pipeline: compiled.spec.pipelineInfo.name,
    root: root.uri,
    namespace: cronJobs.namespace,
    config,
    image: runtimeImage,
    concurrency,
    cron: readCron(request.cron ?? ''),
    timeZone: request.timeZone ?? defaultZone,
    suspend: request.enabled === false,
    catchUp: request.catchUp !== false,
    maxConcurrent,
    annotations: {
      [scheduleMarks.name]: name,
      [scheduleMarks.key]: key,
      [scheduleMarks.createdAt]: new Date().toISOString(),
      [scheduleMarks.maxConcurrent]: `${maxConcurrent}`,
      ...(description !== undefined && { [scheduleMarks.description]: description }),
      ...(startAt !== undefined && { [scheduleMarks.startAt]: startAt }),
      ...(endAt !== undefined && { [scheduleMarks.endAt]: endAt }),
    },
  });
  // What the cluster has against it is told before anything of it is kept.
  await cronJobs.check(made, config);
  await keepCode(compiled, root.bundles);
  const caching = run.caching === false ? 'off' : 'on';
  await keepScheduledPipeline(root.objects, key, {
    name,
    compiled,
    parameters,
    caching,
    labels: run.labels ?? {},
  });
  let outcome: 'created' | 'exists' | undefined;
  try {
    outcome = await cronJobs.create(made);
  } finally {
    if (outcome !== 'created') await removeScheduledPipeline(root.objects, key);
  }
  if (outcome === 'exists')
    throw new UserError('FER8005', {
      problem: `the namespace ${cronJobs.namespace} has a CronJob ${id} already`,
      fix: 'choose another --name, or delete that one',
    });
  const found = await cronJobs.read(id);
  if (found !== undefined) return scheduleOf(found, new Date());
  throw new UserError('FER8004', { problem: `the CronJob ${id} is gone again`, fix: 'see who removes it' });
}

function refuseWhatCronJobsLack({
  interval,
  maxRuns,
  queueing,
  maxConcurrent,
}: Pick<ScheduleRequest, 'interval' | 'maxRuns' | 'queueing' | 'maxConcurrent'>): void {
  if (interval !== undefined)
    throw wrongTime(
      'a CronJob knows no intervals',
      'write a cron expression: "*/10 * * * *" is every ten minutes, "0 */6 * * *" every six hours',
    );
  if (maxRuns !== undefined || queueing === true)
    throw wrongTime(
      'a CronJob limits neither the number of runs nor queues them',
      'leave it out, or give an end time',
    );
  if (maxConcurrent !== undefined && (!Number.isInteger(maxConcurrent) || maxConcurrent < 1))
    throw wrongTime(`${maxConcurrent} is no number of runs`, 'give a whole number above 0');
}

function refuseSettingsOfOthers({ run }: ScheduleRequest, root: string): void {
  const misfit = (problem: string, fix: string): UserError => new UserError('FER8014', { problem, fix });
  if (run.pipelineRoot !== undefined && run.pipelineRoot !== root)
    throw misfit(`the runs would lie under ${root}, not ${run.pipelineRoot}`, 'name it with --root alone');
  if (run.experiment !== undefined)
    throw misfit('a cluster has no lists of runs as KFP has', 'leave --experiment out');
  if (run.serviceAccount !== undefined)
    throw misfit('cluster.yaml says which service accounts run tasks', 'write serviceAccount: ... into it');
}

/** Puts the code of a pipeline's components under the root: whoever makes a run has no other place for it. */
async function keepCode(compiled: CompiledPipeline, bundles: Bundles): Promise<void> {
  for (const { container } of Object.values(compiled.spec.deploymentSpec.executors ?? {})) {
    const identity = container === undefined ? undefined : readIdentity(container);
    if (identity !== undefined && identity.payload === undefined) await bundles.folderOf(identity.code);
  }
}

/** Most characters of a CronJob's name: Kubernetes adds a time to it. */
const longestName = 52;

/** Names the CronJob of a schedule: its name, or what is left of it and a hash of all of it. */
function cronJobName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (plain === name && plain.length <= longestName) return plain;
  const head = plain.slice(0, longestName - 9).replaceAll(/-+$/g, '');
  return `${head === '' ? 'schedule' : head}-${hexOf(digestOf(name)).slice(0, 8)}`;
}

/** Milliseconds in which a Job that is due has begun its run: its image may have to be pulled. */
const begunWithin = 120_000;

/** Tells what keeps the newest Job of a schedule from its run. */
async function lastTrouble(
  id: string,
  cronJobs: CronJobs,
  { runs }: ClusterParts['root'],
): Promise<string | undefined> {
  const [newest] = await cronJobs.jobs(id);
  if (newest === undefined || newest.state === 'complete') return undefined;
  const isLate = Date.now() - newest.due > begunWithin;
  if (newest.state === 'open' && !isLate) return undefined;
  // A run that began tells by itself how it goes on, or ended.
  if ((await runs.spec(runIdOf(newest))) !== undefined) return undefined;
  const job = `-n ${cronJobs.namespace} job/${newest.name}`;
  return newest.state === 'failed'
    ? `its last run could not begin (${newest.reason ?? 'its Job failed'}): kubectl logs ${job}`
    : `its last run has not begun: kubectl describe pod -n ${cronJobs.namespace} -l batch.kubernetes.io/job-name=${newest.name}`;
}

async function runsOf(
  key: string,
  root: ClusterParts['root'],
  { pageSize = 20, pageToken = '0' }: RunQuery = {},
): Promise<RunPage> {
  const projection = await openProjection(root, root.tableFile);
  try {
    await projection.sync();
    const from = Number(pageToken);
    const next = from + pageSize;
    const found = await projection.listRuns({ labels: { schedule: key }, limit: next + 1 });
    return {
      runs: await Promise.all(found.slice(from, next).map((run) => remoteRun(run, root))),
      ...(found.length > next && { nextPageToken: `${next}` }),
    };
  } finally {
    await projection.close();
  }
}

async function remoteRun(run: RunSummary, { runs }: ClusterParts['root']): Promise<RemoteRun> {
  const { runId, displayName = runId, status, startedAt, endedAt } = run;
  const shown = status === 'running' ? (await readShownRun(runs, runId)).status : status;
  const interrupted = shown === 'interrupted';
  return {
    kind: 'remote-run',
    id: runId,
    name: displayName,
    status: interrupted ? 'paused' : shown,
    ...(interrupted && { error: 'nobody drives it: ferrule resume takes it up' }),
    createdAt: startedAt,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    tasks: [],
  };
}
