import type { RemoteRun, RemoteStatus, RemoteTask, RunService } from '../ports.ts';
import { runNameOf } from '../run-name.ts';
import { waitForRun } from '../wait-for-run.ts';
import { reading, runAnswer, runsPage, type RunAnswer, type TaskAnswer } from './answers.ts';
import { kfpExperiments } from './experiments.ts';
import { jobOf } from './job.ts';
import type { KfpHttp } from './kfp-http.ts';

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
  const runOf = (answer: RunAnswer): RemoteRun =>
    remoteRun(answer, `${http.uiHost}/#/runs/details/${answer.run_id}`);
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
    async list({ filter, sortBy = 'created_at desc', pageSize = 20, pageToken } = {}) {
      const query = {
        page_token: pageToken,
        page_size: pageSize,
        sort_by: sortBy,
        namespace: http.namespace,
        filter,
      };
      const { runs = [], next_page_token } = await http.get(
        '/runs',
        'listing runs',
        reading(runsPage),
        query,
      );
      return { runs: runs.map(runOf), ...(next_page_token && { nextPageToken: next_page_token }) };
    },
    cancel: (id) => http.order(path(id, ':terminate'), `cancelling the run ${id}`),
    delete: (id) => http.delete(path(id), `deleting the run ${id}`),
    retry: (id) => http.order(path(id, ':retry'), `trying the run ${id} again`),
    archive: (id) => http.order(path(id, ':archive'), `archiving the run ${id}`),
    unarchive: (id) => http.order(path(id, ':unarchive'), `bringing back the run ${id}`),
    wait: (id, options) => waitForRun(id, get, options),
    close: () => http.close(),
  };
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

function remoteRun(answer: RunAnswer, link: string): RemoteRun {
  const { run_id, display_name = '', state, created_at, scheduled_at, finished_at, error } = answer;
  const details = answer.run_details?.task_details ?? [];
  // A time of zero stands for one that has not come.
  const ended = finished_at !== undefined && !finished_at.startsWith('1970-') ? finished_at : undefined;
  return {
    kind: 'remote-run',
    id: run_id,
    name: display_name,
    status: statusOf(state),
    link,
    ...(created_at !== undefined && { createdAt: created_at }),
    ...(scheduled_at !== undefined && { startedAt: scheduled_at }),
    ...(ended !== undefined && { endedAt: ended }),
    ...(error?.message !== undefined && error.message !== '' && { error: error.message }),
    tasks: details.filter(isOfPipeline).map(remoteTask),
  };
}

/** The backend's own steps, which start what a person wrote, are no tasks of the pipeline. */
function isOfPipeline({ display_name = '' }: TaskAnswer): boolean {
  return !/^(root|root-driver|executor)$|-driver$|-driver\.|^system-/.test(display_name);
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
  const isOver = end_time !== undefined && !end_time.startsWith('1970-');
  return {
    kind: 'remote-task',
    id: task_id,
    name: display_name,
    ...(parent_task_id !== undefined && parent_task_id !== '' && { parent: parent_task_id }),
    status: statusOf(state),
    ...(start_time !== undefined && { startedAt: start_time }),
    ...(isOver && { endedAt: end_time }),
    ...(error?.message !== undefined && error.message !== '' && { error: error.message }),
    artifacts: Object.fromEntries(
      Object.entries(outputs).map(([name, { artifact_ids = [] }]) => [name, artifact_ids]),
    ),
  };
}
