/** What schedules in a cluster started, and what they could not. */
import type { RemoteRun, RunPage, RunQuery } from '../../../remotes/ports.ts';
import type { CronJobs } from '../../../runners/kubernetes/driver/cron-jobs.ts';
import { openProjection, type RunSummary } from '../../../stores/index.ts';
import { readShownRun } from '../../find-run.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { runIdOf } from './turn.ts';

/** Milliseconds in which a Job has begun its run: its image may have to be pulled. */
const begunWithin = 120_000;

/** Tells what keeps the newest Job of a schedule from its run. */
export async function lastTrouble(
  id: string,
  cronJobs: CronJobs,
  { runs }: ClusterParts['root'],
): Promise<string | undefined> {
  const [newest] = await cronJobs.jobs(id);
  if (newest === undefined || newest.state === 'complete') return undefined;
  const isLate = Date.now() - newest.madeAt > begunWithin;
  if (newest.state === 'open' && !isLate) return undefined;
  // A run that began tells by itself how it goes on, or ended.
  if ((await runs.spec(runIdOf(newest))) !== undefined) return undefined;
  const job = `-n ${cronJobs.namespace} job/${newest.name}`;
  return newest.state === 'failed'
    ? `its last run could not begin (${newest.reason ?? 'its Job failed'}): kubectl logs ${job}`
    : `its last run has not begun: kubectl describe pod -n ${cronJobs.namespace} -l batch.kubernetes.io/job-name=${newest.name}`;
}

/** Lists the runs under the root that a schedule began, newest first. @param key of the schedule */
export async function runsOf(
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
