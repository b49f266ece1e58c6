import { UserError } from '../../errors/index.ts';
import type { RemoteRun, RemoteStatus, RemoteTask, RunService } from '../ports.ts';
import { waitForRun } from '../wait-for-run.ts';
import { jobAnswer, jobsPage, type VertexJob, type VertexTask } from './answers.ts';
import { jobRequest, newJobId, type VertexSettings } from './job-request.ts';
import type { VertexHttp } from './vertex-http.ts';

/** Runs of Vertex AI Pipelines: its PipelineJobs. */
export function vertexRuns(http: VertexHttp, settings: VertexSettings = {}): RunService {
  const path = (id: string, order = ''): string => `/pipelineJobs/${encodeURIComponent(id)}${order}`;
  const runOf = async (job: VertexJob): Promise<RemoteRun> => {
    const id = job.name.slice(job.name.lastIndexOf('/') + 1);
    const page = `https://console.cloud.google.com/vertex-ai/locations/${http.region}/pipelines/runs/${id}`;
    return remoteRun(id, job, `${page}?project=${await http.project()}`);
  };
  const get = async (id: string): Promise<RemoteRun> =>
    runOf(await http.get(path(id), `looking at the run ${id}`, (value) => jobAnswer.parse(value)));
  return {
    backend: 'vertex',
    address: http.address,
    get,
    async create(request) {
      const body = jobRequest(request, settings);
      const { name } = request.compiled.spec.pipelineInfo;
      const id = request.id ?? newJobId(name, new Date());
      const answer = await http.create(
        '/pipelineJobs',
        `starting a run of ${name}`,
        body,
        { pipelineJobId: id },
        [409],
        true,
      );
      if (answer.status !== 409) return runOf(jobAnswer.parse(JSON.parse(answer.text)));
      // One that is there already at a second try was made by a first one, whose answer got lost.
      if (answer.sent > 1) return get(id);
      throw new UserError('FER8005', {
        problem: `Vertex AI already has a run ${id}`,
        fix: 'leave its id to be chosen, or choose another one',
      });
    },
    async list({ filter, sortBy = 'create_time desc', pageSize = 20, pageToken } = {}) {
      const query = { filter, pageSize, pageToken, orderBy: sortBy };
      const page = await http.get('/pipelineJobs', 'listing runs', (value) => jobsPage.parse(value), query);
      const runs = await Promise.all((page.pipelineJobs ?? []).map(runOf));
      return { runs, ...(page.nextPageToken && { nextPageToken: page.nextPageToken }) };
    },
    cancel: (id) => http.order(path(id, ':cancel'), `cancelling the run ${id}`),
    delete: (id) => http.delete(path(id), `deleting the run ${id}`),
    wait: (id, options) => waitForRun(id, get, options),
    close: () => http.close(),
  };
}

const jobStatuses: Readonly<Record<string, RemoteStatus>> = {
  QUEUED: 'pending',
  PENDING: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLING: 'cancelling',
  CANCELLED: 'cancelled',
  PAUSED: 'paused',
};

const taskStatuses: Readonly<Record<string, RemoteStatus>> = {
  ...jobStatuses,
  CANCEL_PENDING: 'cancelling',
  // Vertex AI skips what it has in its cache, and does not trigger what has a condition that is false.
  SKIPPED: 'cached',
  NOT_TRIGGERED: 'skipped',
};

function remoteRun(id: string, job: VertexJob, link: string): RemoteRun {
  const { displayName = id, state = '', createTime, startTime, endTime, error } = job;
  const details = job.jobDetail?.taskDetails ?? [];
  const status = jobStatuses[state.replace('PIPELINE_STATE_', '')] ?? 'pending';
  return {
    kind: 'remote-run',
    id,
    name: displayName,
    status,
    link,
    ...(createTime !== undefined && { createdAt: createTime }),
    ...(startTime !== undefined && { startedAt: startTime }),
    ...(endTime !== undefined && { endedAt: endTime }),
    ...(error?.message !== undefined && { error: error.message }),
    tasks: details.filter((task) => !isRoot(task, details)).map(remoteTask),
  };
}

/** The pipeline itself is a task too: the one that others are inside of, and that is inside of none. */
function isRoot({ taskId, parentTaskId }: VertexTask, all: readonly VertexTask[]): boolean {
  return (
    (parentTaskId === undefined || parentTaskId === '0') && all.some((other) => other.parentTaskId === taskId)
  );
}

function remoteTask({
  taskId,
  taskName = taskId,
  parentTaskId,
  state = '',
  startTime,
  endTime,
  error,
  outputs = {},
}: VertexTask): RemoteTask {
  return {
    kind: 'remote-task',
    id: taskId,
    name: taskName,
    ...(parentTaskId !== undefined && { parent: parentTaskId }),
    status: taskStatuses[state] ?? 'pending',
    ...(startTime !== undefined && { startedAt: startTime }),
    ...(endTime !== undefined && { endedAt: endTime }),
    ...(error?.message !== undefined && { error: error.message }),
    artifacts: Object.fromEntries(
      Object.entries(outputs).map(([name, { artifacts = [] }]) => [
        name,
        artifacts.map(({ uri, name: id = '' }) => uri ?? id),
      ]),
    ),
  };
}
