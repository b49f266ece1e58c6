/** Makes the CronJob of a schedule. */
import { randomBytes } from 'node:crypto';
import { checkPipeline, loadExpressions, type Bundles } from '../../../engine/index.ts';
import { UserError } from '../../../errors/index.ts';
import type { RemoteSchedule, ScheduleRequest } from '../../../remotes/schedule-ports.ts';
import { checkTimes, readCron, wrongTime } from '../../../remotes/schedule-times.ts';
import { cronJob, scheduleMarks } from '../../../runners/kubernetes/driver/cron-job.ts';
import {
  checkParameters,
  digestOf,
  hexOf,
  readIdentity,
  type CompiledPipeline,
} from '../../../spec/index.ts';
import { keepScheduledPipeline, removeScheduledPipeline } from '../../../stores/index.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { defaultZone, scheduleOf } from './cron-job-facts.ts';

/**
 * Keeps a pipeline under the root and makes the CronJob that runs it.
 * @throws UserError FER8014 for what a CronJob cannot say, FER1008, FER8005, and all that the cluster says against it
 */
export async function createCronJob(request: ScheduleRequest, parts: ClusterParts): Promise<RemoteSchedule> {
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

/** @throws UserError FER8014 */
export function refuseWhatCronJobsLack({
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
