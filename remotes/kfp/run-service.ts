import { UserError } from '../../errors/index.ts';
import { hasEnded, type RemoteRun, type RemoteStatus, type RemoteTask, type RunService } from '../ports.ts';
import { runNameOf } from '../run-name.ts';
import { waitForRun } from '../wait-for-run.ts';
import { reading, runAnswer, runsPage, type RunAnswer, type TaskAnswer } from './answers.ts';
import { kfpExperiments } from './experiments.ts';
import { kfpHealth } from './health.ts';
import { jobOf } from './job.ts';
import type { KfpHttp } from './kfp-http.ts';
import { pageQuery } from './page-query.ts';

/** Runs of KFP, with what it offers beyond the port. */
export interface KfpRuns extends RunService {
  /** Starts again what failed of a run, keeping what is done. */
  retry(id: string): Promise<void>;
  archive(id: string): Promise<void>;
  unarchive(id: string): Promise<void>;
}

export function kfpRuns(http: KfpHttp): KfpRuns {
  const experiments = kfpExperiments(http);
  const path = (id: string, order = ''): string => `/runs/${encodeURIComponent(id)}${order}`;
  let pages: Promise<string | undefined> | undefined;
  const runOf = async (answer: RunAnswer): Promise<RemoteRun> => {
    pages ??= pagesOf(http);
    const at = await pages;
    return remoteRun(answer, at === undefined ? undefined : `${at}/#/runs/details/${answer.run_id}`);
  };
  const get = async (id: string): Promise<RemoteRun> =>
    runOf(await http.get(path(id), `looking at the run ${id}`, reading(runAnswer)));
  return {
    backend: 'kfp',
    address: http.host,
    get,
    async create(request) {
      const { name } = request.compiled.spec.pipelineInfo;
      const experiment = await experiments.ensure(request.experiment ?? 'Default');
      const body = {
        experiment_id: experiment.id,
        display_name: request.name ?? runNameOf(name, new Date()),
        ...(request.description !== undefined && { description: request.description }),
        ...jobOf(request),
      };
      return runOf(await http.post('/runs', `starting a run of ${name}`, reading(runAnswer), body));
    },
    async list(wanted = {}) {
      const query = pageQuery(http, wanted);
      const { runs = [], next_page_token } = await http.get(
        '/runs',
        'listing runs',
        reading(runsPage),
        query,
      );
      return {
        runs: await Promise.all(runs.map(runOf)),
        ...(next_page_token && { nextPageToken: next_page_token }),
      };
    },
    async cancel(id) {
      try {
        await http.order(path(id, ':terminate'), `cancelling the run ${id}`);
      } catch (error) {
        // One that has ended cannot be terminated; which is what was wanted.
        if (!(error instanceof UserError && error.code === 'FER8007') || !hasEnded((await get(id)).status))
          throw error;
      }
    },
    delete: (id) => http.delete(path(id), `deleting the run ${id}`),
    retry: (id) => http.order(path(id, ':retry'), `trying the run ${id} again`),
    archive: (id) => http.order(path(id, ':archive'), `archiving the run ${id}`),
    unarchive: (id) => http.order(path(id, ':unarchive'), `bringing back the run ${id}`),
    wait: (id, options) => waitForRun(id, get, options),
    close: () => http.close(),
  };
}

/** Tells where people look at runs: nowhere, where it is Ferrule's own server, which has no pages. */
async function pagesOf(http: KfpHttp): Promise<string | undefined> {
  if (http.uiHost !== undefined) return http.uiHost;
  // Of one that does not say what it is now, a link is better than none.
  const isFerrule = await kfpHealth(http).then(
    ({ ferrule }) => ferrule !== undefined,
    () => false,
  );
  return isFerrule ? undefined : http.host;
}

const statuses: Readonly<Record<string, RemoteStatus>> = {
  PENDING: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  SKIPPED: 'skipped',
  CACHED: 'cached',
  FAILED: 'failed',
  CANCELING: 'cancelling',
  CANCELED: 'cancelled',
  PAUSED: 'paused',
};

/** A state that is not known is taken for one that goes on: a newer KFP must not look as if its runs had failed. */
function statusOf(state: string | undefined): RemoteStatus {
  return (
    statuses[state ?? ''] ??
    (state === undefined || state === 'RUNTIME_STATE_UNSPECIFIED' ? 'pending' : 'running')
  );
}

function remoteRun(answer: RunAnswer, link: string | undefined): RemoteRun {
  const { run_id, display_name = '', state, created_at, scheduled_at, finished_at, error } = answer;
  const details = answer.run_details?.task_details ?? [];
  return {
    kind: 'remote-run',
    id: run_id,
    name: display_name,
    status: statusOf(state),
    ...(link !== undefined && { link }),
    ...(created_at !== undefined && { createdAt: created_at }),
    ...(scheduled_at !== undefined && { startedAt: scheduled_at }),
    ...(hasCome(finished_at) && { endedAt: finished_at }),
    ...(error?.message !== undefined && error.message !== '' && { error: error.message }),
    tasks: tasksOf(details),
  };
}

/** A time of zero, of Unix or of Go, stands for one that has not come. */
function hasCome(time: string | undefined): time is string {
  return time !== undefined && !/^(0001|1970)-/.test(time);
}

/**
 * Picks the tasks of the pipeline: beside them the API lists what the backend does for each of them, a driver and an executor, and the
 * workflow itself, whose name its pods begin with. A driver that failed stands for its task, which then never began.
 */
function tasksOf(details: readonly TaskAnswer[]): RemoteTask[] {
  const names = new Set(details.map(({ display_name = '' }) => display_name));
  return details.flatMap((task): RemoteTask[] => {
    const { display_name: name = '', child_tasks = [] } = task;
    if (name === 'root' || name === 'executor') return [];
    if (child_tasks.some(({ pod_name = '' }) => name !== '' && pod_name.startsWith(`${name}-`))) return [];
    const isDriver = name.endsWith('-driver') && !names.has(`${name}-driver`);
    if (!isDriver) return [remoteTask(task)];
    const driven = name.slice(0, -'-driver'.length);
    if (task.state !== 'FAILED' || driven === 'root' || names.has(driven)) return [];
    return [
      remoteTask({ ...task, display_name: driven, error: task.error ?? { message: 'its driver failed' } }),
    ];
  });
}

function remoteTask({
  task_id = '',
  display_name = task_id,
  state,
  start_time,
  end_time,
  error,
  outputs = {},
  parent_task_id,
}: TaskAnswer): RemoteTask {
  return {
    kind: 'remote-task',
    id: task_id,
    name: display_name,
    ...(parent_task_id !== undefined && parent_task_id !== '' && { parent: parent_task_id }),
    status: statusOf(state),
    ...(hasCome(start_time) && { startedAt: start_time }),
    ...(hasCome(end_time) && { endedAt: end_time }),
    ...(error?.message !== undefined && error.message !== '' && { error: error.message }),
    artifacts: Object.fromEntries(
      Object.entries(outputs).map(([name, { artifact_ids = [] }]) => [name, artifact_ids]),
    ),
  };
}
