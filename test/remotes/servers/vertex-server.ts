/** Vertex AI's PipelineJobs and Schedules, as far as clients see them. A job gets on by one step each time somebody looks at it. */
import type { Recorded } from './recorded.ts';
import type { Answer, Handler } from './test-server.ts';

type Item = Record<string, unknown>;

export interface VertexState {
  readonly handler: Handler;
  readonly jobs: Map<string, Item>;
  readonly schedules: Map<string, Item>;
}

export function vertexState(): VertexState {
  const jobs = new Map<string, Item>();
  const schedules = new Map<string, Item>();
  let ticks = 0;
  const now = (): string => new Date(Date.UTC(2026, 0, 1) + 1000 * ticks++).toISOString();
  let operations = 0;
  const removal = (place: string): Answer => ({
    body: { name: `${place}/operations/${operations++}`, done: false },
  });

  const onJobs = (request: Recorded, place: string, id: string, order: string | undefined): Answer => {
    if (id === '' && request.method === 'GET')
      return listed(request, 'pipelineJobs', [...jobs.values()], 'createTime');
    if (id === '') {
      const newId = request.query['pipelineJobId'] ?? String(jobs.size);
      const name = `${place}/pipelineJobs/${newId}`;
      if (jobs.has(newId)) return failure(409, 'ALREADY_EXISTS', `the PipelineJob "${name}" already exists`);
      const given = jsonOf(request);
      const fault = jobFault(given);
      if (fault !== undefined) return fault;
      jobs.set(newId, { ...given, name, createTime: now(), state: 'PIPELINE_STATE_PENDING' });
      return { body: jobs.get(newId) };
    }
    const job = jobs.get(id);
    if (job === undefined)
      return failure(404, 'NOT_FOUND', `The PipelineJob "${place}/pipelineJobs/${id}" does not exist.`);
    if (request.method === 'DELETE') {
      jobs.delete(id);
      return removal(place);
    }
    if (order === 'cancel') {
      if (!isOver(job)) job['state'] = 'PIPELINE_STATE_CANCELLING';
      return { body: {} };
    }
    advance(job, now);
    return { body: job };
  };

  const onSchedules = (request: Recorded, place: string, id: string, order: string | undefined): Answer => {
    if (id === '' && request.method === 'GET')
      return listed(request, 'schedules', [...schedules.values()], 'createTime');
    if (id === '') {
      const given = jsonOf(request);
      const inner = given['createPipelineJobRequest'] as Item | undefined;
      const fault = jobFault((inner?.['pipelineJob'] ?? {}) as Item);
      if (fault !== undefined) return fault;
      if (given['maxConcurrentRunCount'] === undefined)
        return failure(400, 'INVALID_ARGUMENT', 'max_concurrent_run_count must be set');
      const newId = String(5000 + schedules.size);
      schedules.set(newId, {
        ...given,
        name: `${place}/schedules/${newId}`,
        state: 'ACTIVE',
        createTime: now(),
        nextRunTime: now(),
      });
      return { body: schedules.get(newId) };
    }
    const schedule = schedules.get(id);
    if (schedule === undefined) return failure(404, 'NOT_FOUND', `The Schedule does not exist.`);
    if (request.method === 'DELETE') {
      schedules.delete(id);
      return removal(place);
    }
    if (order !== undefined) {
      schedule['state'] = order === 'pause' ? 'PAUSED' : 'ACTIVE';
      return { body: {} };
    }
    if (request.method === 'PATCH') {
      const given = jsonOf(request);
      for (const field of (request.query['updateMask'] ?? '').split(',')) schedule[field] = given[field];
    }
    return { body: schedule };
  };

  const handler: Handler = (request) => {
    const [, place = '', rest = ''] =
      /^\/(?:v1|ui)\/(projects\/[^/]+\/locations\/[^/]+)\/(.*)$/.exec(request.path) ?? [];
    const [kind = '', last = ''] = rest.split('/');
    const [id = '', order] = last.split(':');
    if (kind === 'pipelineJobs') return onJobs(request, place, id, order);
    if (kind === 'schedules') return onSchedules(request, place, id, order);
    if (kind === 'operations')
      return {
        body: {
          name: `${place}/operations/${id}`,
          done: true,
          response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
        },
      };
    return undefined;
  };
  return { handler, jobs, schedules };
}

function jobFault({ pipelineSpec, runtimeConfig }: Item): Answer | undefined {
  const { root, pipelineInfo } = (pipelineSpec ?? {}) as Item;
  if (root === undefined || pipelineInfo === undefined)
    return failure(400, 'INVALID_ARGUMENT', 'pipelineSpec is missing');
  const { gcsOutputDirectory } = (runtimeConfig ?? {}) as Item;
  return String(gcsOutputDirectory).startsWith('gs://')
    ? undefined
    : failure(400, 'INVALID_ARGUMENT', 'gcs_output_directory is missing');
}

function advance(job: Item, now: () => string): void {
  if (isOver(job)) return;
  const config = job['runtimeConfig'] as { parameterValues?: Item } | undefined;
  const fails = config?.parameterValues?.['text'] === 'fail';
  const root = { taskId: '-10', taskName: 'pipeline', state: 'RUNNING' };
  const task = { taskId: '-11', parentTaskId: '-10', taskName: 'say', startTime: now() };
  const outputs = { model: { artifacts: [{ name: 'projects/1/artifacts/7', uri: 'gs://bucket/model' }] } };
  const details = (more: Item): void =>
    void (job['jobDetail'] = { taskDetails: [root, { ...task, ...more }] });
  switch (job['state']) {
    case 'PIPELINE_STATE_PENDING':
      Object.assign(job, { state: 'PIPELINE_STATE_RUNNING', startTime: now() });
      details({ state: 'RUNNING' });
      break;
    case 'PIPELINE_STATE_CANCELLING':
      Object.assign(job, { state: 'PIPELINE_STATE_CANCELLED', endTime: now() });
      details({ state: 'CANCELLED', endTime: now() });
      break;
    default:
      Object.assign(job, { state: `PIPELINE_STATE_${fails ? 'FAILED' : 'SUCCEEDED'}`, endTime: now() });
      if (fails)
        job['error'] = {
          code: 9,
          message: 'The DAG failed because some tasks failed. The failed tasks are: [say].',
        };
      details({
        state: fails ? 'FAILED' : 'SUCCEEDED',
        endTime: now(),
        outputs,
        ...(fails && { error: { code: 9, message: 'exit code 1' } }),
      });
  }
}

function isOver({ state }: Item): boolean {
  return /SUCCEEDED|FAILED|CANCELLED/.test(String(state));
}

function listed({ query }: Recorded, field: string, items: readonly Item[], by: string): Answer {
  const [, wanted] = /^display_?[nN]ame="?([^"]*)"?$/.exec(query['filter'] ?? '') ?? [];
  const kept = items.filter((item) => wanted === undefined || item['displayName'] === wanted);
  const sorted = (query['orderBy'] ?? '').endsWith('desc')
    ? kept.toSorted((a, b) => (String(a[by]) < String(b[by]) ? 1 : -1))
    : kept;
  const from = Number(query['pageToken'] || 0);
  const next = from + Math.min(Number(query['pageSize'] || 100), 2);
  const page = sorted.slice(from, next);
  return {
    body: {
      ...(page.length > 0 && { [field]: page }),
      ...(next < sorted.length && { nextPageToken: String(next) }),
    },
  };
}

function jsonOf({ body }: Recorded): Item {
  return body.kind === 'json' ? structuredClone(body.value as Item) : {};
}

function failure(code: number, status: string, message: string): Answer {
  return { status: code, body: { error: { code, message, status } } };
}
