/** `schedule begin --in-cluster`: what the pod of a scheduled Job runs. It begins its run, or takes it up, and drives it. */
import { eventsOf, submitRun } from '../../../engine/index.ts';
import { foldRun } from '../../../engine/run-state.ts';
import { InfrastructureError, UserError } from '../../../errors/index.ts';
import { openCronJobs, type ScheduledJob } from '../../../runners/kubernetes/driver/cron-jobs.ts';
import { driverStatus } from '../../../runners/kubernetes/driver/driver-job.ts';
import { withMacros } from '../../../server/schedule/macros.ts';
import { readScheduledPipeline } from '../../../stores/index.ts';
import { driveInCluster } from '../../cluster-driver.ts';
import { concurrencyOf, openWorkbench } from '../../compose.ts';
import { reportFailure } from '../../failure.ts';
import { chooseRunner, type RunnerChoice, type RunnerFlags } from '../../runner-choice.ts';
import { resolveSettings, type Settings } from '../../settings.ts';
import { turnOf } from './turn.ts';

export interface BeginOptions extends RunnerFlags {
  readonly root?: string;
  readonly concurrency?: number;
}

type InCluster = Extract<RunnerChoice, { readonly kind: 'kubernetes' }>;

/**
 * Does what is due by a schedule.
 * @param key of the schedule
 * @returns the exit status, of `driverStatus`
 */
export async function beginInCluster(key: string, options: BeginOptions): Promise<number> {
  try {
    const settings = resolveSettings('.', options.root);
    const runner = await chooseRunner({ ...options, runner: 'kubernetes' }, settings);
    if (runner.kind !== 'kubernetes' || runner.owner === undefined)
      throw cannotBegin(
        'this is no pod of a Job',
        'leave it to the CronJob, which `ferrule schedule create` makes',
      );
    const { job, others } = await lookAround(runner, runner.owner.name);
    const turn = turnOf(job, others);
    if (turn.kind === 'left-out') {
      process.stdout.write(`left out what was due at ${new Date(job.due).toISOString()}: ${turn.reason}\n`);
      return driverStatus.succeeded;
    }
    await begin(turn.runId, key, job, settings, runner, options);
    return await driveInCluster(turn.runId, options);
  } catch (error) {
    reportFailure(error, false);
    return error instanceof InfrastructureError && error.retryable
      ? driverStatus.trouble
      : driverStatus.failed;
  }
}

async function lookAround(
  { config }: InCluster,
  name: string,
): Promise<{ readonly job: ScheduledJob; readonly others: readonly ScheduledJob[] }> {
  const cronJobs = await openCronJobs(config);
  try {
    const job = await cronJobs.job(name);
    if (job === undefined)
      throw cannotBegin(`the Job ${name} of this pod is gone`, 'nothing: its schedule goes on');
    return { job, others: await cronJobs.jobs(job.schedule) };
  } finally {
    cronJobs.close();
  }
}

/** Makes the run, unless an earlier pod of the Job did. */
async function begin(
  runId: string,
  key: string,
  job: ScheduledJob,
  settings: Settings,
  runner: InCluster,
  options: BeginOptions,
): Promise<void> {
  const concurrency = concurrencyOf(runner, options.concurrency);
  const silent = { event: () => undefined, log: () => undefined };
  const workbench = await openWorkbench(settings, silent, runner, concurrency);
  const { root, ports } = workbench;
  try {
    const events = await eventsOf(root.runs.log(runId));
    if (events.length > 0) {
      const { labels } = foldRun(events);
      if (labels['schedule'] === key) return;
      throw cannotBegin(
        `there is another run ${runId} under ${root.uri}`,
        'delete the schedule, and make it anew: its runs are then named otherwise',
      );
    }
    const scheduled = await readScheduledPipeline(root.objects, key);
    if (scheduled === undefined)
      throw cannotBegin(
        `there is no pipeline of this schedule under ${root.uri}: schedules/${key}.json`,
        'the schedule was deleted, or what lies there: make it anew with `ferrule schedule create`',
      );
    const due = new Date(job.due).toISOString();
    const { name, compiled, parameters, caching, labels } = scheduled;
    const request = {
      compiled,
      parameters: withMacros(parameters, { runId, due: job.due, now: Date.now() }),
      runId,
      caching,
      concurrency,
      displayName: `${name} ${due.replace('.000', '')}`,
      labels: { ...labels, schedule: key, scheduledAt: due },
    };
    await submitRun(request, ports);
  } finally {
    await workbench.close();
  }
}

function cannotBegin(problem: string, fix: string): UserError {
  return new UserError('FER8016', { problem, fix });
}
