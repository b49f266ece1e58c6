/** KFP's API v2beta1, as far as clients see it: names are unique, listings have filters, orders and pages, runs go on as they are looked at. */
import { readPipelineDocument } from '../../../spec/pipeline-document.ts';
import type { Recorded } from './recorded.ts';
import type { Answer, Handler } from './test-server.ts';

type Item = Record<string, unknown>;

export interface KfpState {
  readonly handler: Handler;
  readonly runs: Map<string, Item>;
  readonly recurringRuns: Map<string, Item>;
  readonly experiments: Map<string, Item>;
  /** How many documents were taken. */
  uploads: number;
}

/** @param prefix what stands before `/apis` */
export function kfpState(prefix = ''): KfpState {
  const pipelines = new Map<string, Item>();
  const versions = new Map<string, Item>();
  const experiments = new Map<string, Item>();
  const runs = new Map<string, Item>();
  const recurringRuns = new Map<string, Item>();
  let ticks = 0;
  const now = (): string => new Date(Date.UTC(2026, 0, 1) + 1000 * ticks++).toISOString().replace('.000', '');
  let ids = 0;
  const newId = (): string => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`;

  const addVersion = (pipeline_id: string, name: string, text: string, query: Recorded['query']): Item => {
    const { spec, platform } = readPipelineDocument(text, 'upload');
    const version: Item = {
      pipeline_id,
      pipeline_version_id: newId(),
      name,
      display_name: query['display_name'] ?? name,
      ...(query['description'] && { description: query['description'] }),
      created_at: now(),
      pipeline_spec: structuredClone(
        platform === undefined ? spec : { pipeline_spec: spec, platform_spec: platform },
      ),
    };
    versions.set(String(version['pipeline_version_id']), version);
    state.uploads += 1;
    return version;
  };
  const upload = ({ body, query }: Recorded, kind: string): Answer => {
    const file = body.kind === 'form' ? body.files.find(({ field }) => field === 'uploadfile') : undefined;
    if (file === undefined) return uploadFailure(400, 'Failed to read pipeline from file');
    const name = query['name'] ?? file.name;
    if (kind === 'upload_version') {
      const id = query['pipelineid'] ?? '';
      if (!pipelines.has(id)) return uploadFailure(400, 'Failed to create a pipeline version');
      const same = [...versions.values()].some((one) => one['pipeline_id'] === id && one['name'] === name);
      return same
        ? uploadFailure(409, 'Failed to create a pipeline version')
        : { body: addVersion(id, name, file.text, query) };
    }
    if ([...pipelines.values()].some((one) => one['name'] === name))
      return uploadFailure(409, 'Failed to create a pipeline and a pipeline version');
    const pipeline: Item = {
      pipeline_id: newId(),
      name,
      display_name: name,
      created_at: now(),
      ...(query['description'] && { description: query['description'] }),
      ...(query['namespace'] && { namespace: query['namespace'] }),
    };
    pipelines.set(String(pipeline['pipeline_id']), pipeline);
    addVersion(String(pipeline['pipeline_id']), name, file.text, query);
    return { body: pipeline };
  };

  const onPipelines = (request: Recorded, [id = '', sub, versionId]: readonly string[]): Answer => {
    if (id === 'upload' || id === 'upload_version') return upload(request, id);
    if (id === '' && request.method === 'POST') {
      const made: Item = { ...jsonOf(request), pipeline_id: newId(), created_at: now() };
      pipelines.set(String(made['pipeline_id']), made);
      return { body: made };
    }
    if (id === '') return listed(request, 'pipelines', [...pipelines.values()]);
    const pipeline = pipelines.get(id);
    if (pipeline === undefined) return failure(404, 5, `Pipeline ${id} not found`);
    const own = [...versions.values()].filter((one) => one['pipeline_id'] === id);
    if (sub === undefined) {
      if (request.method !== 'DELETE') return { body: pipeline };
      if (own.length > 0 && request.query['cascade'] !== 'true')
        return failure(
          400,
          3,
          'Pipeline has existing pipeline versions. Use cascade delete to remove all versions',
        );
      for (const one of own) versions.delete(String(one['pipeline_version_id']));
      pipelines.delete(id);
      return { body: {} };
    }
    if (versionId === undefined) return listed(request, 'pipeline_versions', own);
    const version = versions.get(versionId);
    if (version === undefined) return failure(404, 5, `Pipeline version ${versionId} not found`);
    if (request.method === 'DELETE') versions.delete(versionId);
    if (request.method === 'PATCH') version['tags'] = jsonOf(request)['tags'] ?? version['tags'];
    return { body: request.method === 'DELETE' ? {} : version };
  };

  const onRuns = (request: Recorded, [id = '', order]: readonly string[]): Answer => {
    if (id === '' && request.method === 'GET')
      return listed(
        request,
        'runs',
        [...runs.values()].filter((run) => isIn(run, request.query)),
      );
    if (id === '') {
      const given = jsonOf(request);
      const faulty = jobFault(given);
      if (faulty !== undefined) return faulty;
      const run: Item = {
        ...given,
        run_id: newId(),
        created_at: now(),
        storage_state: 'AVAILABLE',
        state: 'PENDING',
      };
      runs.set(String(run['run_id']), run);
      return { body: run };
    }
    const run = runs.get(id);
    if (run === undefined) return failure(404, 5, `Run ${id} not found`);
    switch (order) {
      case 'terminate':
        if (isOver(run)) return failure(400, 3, `Failed to terminate run ${id}. Row not found`);
        run['state'] = 'CANCELING';
        return { body: {} };
      case 'archive':
      case 'unarchive':
        run['storage_state'] = order === 'archive' ? 'ARCHIVED' : 'AVAILABLE';
        return { body: {} };
      case 'retry':
        if (run['state'] !== 'FAILED')
          return failure(400, 3, `Run ${id} must be in failed state to be retried`);
        Object.assign(run, {
          state: 'PENDING',
          finished_at: undefined,
          runtime_config: { parameters: { text: 'again' } },
        });
        return { body: {} };
      default:
    }
    if (request.method === 'DELETE') {
      runs.delete(id);
      return { body: {} };
    }
    advance(run, now);
    return { body: run };
  };

  const jobFault = (job: Item): Answer | undefined => {
    const reference = job['pipeline_version_reference'] as Item | undefined;
    if (reference !== undefined && !versions.has(String(reference['pipeline_version_id'])))
      return failure(404, 5, 'Pipeline version not found');
    if (reference === undefined && job['pipeline_spec'] === undefined)
      return failure(400, 3, 'Pipeline source is missing');
    return experiments.has(String(job['experiment_id']))
      ? undefined
      : failure(404, 5, 'Experiment not found');
  };

  const onRecurringRuns = (request: Recorded, [id = '', order]: readonly string[]): Answer => {
    if (id === '' && request.method === 'GET')
      return listed(request, 'recurringRuns', [...recurringRuns.values()]);
    if (id === '') {
      const given = jsonOf(request);
      const fault = jobFault(given);
      if (fault !== undefined) return fault;
      const one: Item = {
        ...given,
        recurring_run_id: newId(),
        created_at: now(),
        max_concurrency: String(given['max_concurrency']),
      };
      one['status'] = given['mode'] === 'DISABLE' ? 'DISABLED' : 'ENABLED';
      recurringRuns.set(String(one['recurring_run_id']), one);
      return { body: one };
    }
    const one = recurringRuns.get(id);
    if (one === undefined) return failure(404, 5, `RecurringRun ${id} not found`);
    if (order !== undefined) one['status'] = order === 'disable' ? 'DISABLED' : 'ENABLED';
    if (request.method === 'DELETE') recurringRuns.delete(id);
    return { body: request.method === 'GET' ? one : {} };
  };

  const onExperiments = (request: Recorded, [id = '', order]: readonly string[]): Answer => {
    if (id === '' && request.method === 'GET')
      return listed(
        request,
        'experiments',
        [...experiments.values()].filter((one) => isIn(one, request.query)),
      );
    if (id === '') {
      const given = jsonOf(request);
      if ([...experiments.values()].some((one) => one['display_name'] === given['display_name']))
        return failure(409, 6, 'Already exist error');
      const one: Item = { ...given, experiment_id: newId(), created_at: now(), storage_state: 'AVAILABLE' };
      experiments.set(String(one['experiment_id']), one);
      return { body: one };
    }
    const one = experiments.get(id);
    if (one === undefined) return failure(404, 5, `Experiment ${id} not found`);
    if (order !== undefined) one['storage_state'] = order === 'archive' ? 'ARCHIVED' : 'AVAILABLE';
    if (request.method === 'DELETE') experiments.delete(id);
    return { body: request.method === 'GET' ? one : {} };
  };

  const handler: Handler = (request) => {
    const base = `${prefix}/apis/v2beta1/`;
    if (!request.path.startsWith(base)) return undefined;
    const [kind, ...rest] = request.path.slice(base.length).split('/');
    const last = rest.pop() ?? '';
    const [name = '', order] = last.split(':');
    const parts = order === undefined ? [...rest, last] : [...rest, name, order];
    switch (kind) {
      case 'healthz':
        return { body: { multi_user: false, pipeline_store: 'database' } };
      case 'pipelines':
        return onPipelines(request, parts);
      case 'runs':
        return onRuns(request, parts);
      case 'recurringruns':
        return onRecurringRuns(request, parts);
      case 'experiments':
        return onExperiments(request, parts);
      default:
        return undefined;
    }
  };
  const state: KfpState = { handler, runs, recurringRuns, experiments, uploads: 0 };
  return state;
}

/** What has not come yet. */
const never = '0001-01-01T00:00:00Z';

/**
 * A run gets on by one step each time somebody looks. One whose text is "fail" fails. Beside its task the details have what the backend
 * itself does: the workflow, drivers and executors.
 */
function advance(run: Item, now: () => string): void {
  if (isOver(run)) return;
  const config = run['runtime_config'] as { parameters?: Item } | undefined;
  const fails = config?.parameters?.['text'] === 'fail';
  const workflow = 'greet-x7k2p';
  const own = { run_id: run['run_id'], create_time: now(), start_time: now(), end_time: never };
  const details = (more: Item): void => {
    const done = {
      ...own,
      end_time: now(),
      state: 'SUCCEEDED',
      child_tasks: [{ pod_name: `${workflow}-2757091352` }],
    };
    const details = [
      {
        ...own,
        task_id: 't1',
        display_name: workflow,
        state: 'RUNNING',
        child_tasks: [{ pod_name: `${workflow}-637531629` }],
      },
      { ...done, task_id: 't2', display_name: 'root-driver' },
      { ...own, task_id: 't3', display_name: 'root', state: 'RUNNING' },
      { ...done, task_id: 't4', display_name: 'say-driver' },
      { ...own, task_id: 't5', display_name: 'say', ...more },
      { ...own, task_id: 't6', display_name: 'executor', ...more, outputs: undefined },
    ];
    run['run_details'] = { task_details: details };
  };
  switch (run['state']) {
    case 'PENDING':
      Object.assign(run, { state: 'RUNNING', finished_at: '1970-01-01T00:00:00Z' });
      details({ state: 'RUNNING' });
      break;
    case 'CANCELING':
      Object.assign(run, { state: 'CANCELED', finished_at: now() });
      details({ state: 'CANCELED', end_time: now() });
      break;
    default: {
      run['state'] = fails ? 'FAILED' : 'SUCCEEDED';
      run['finished_at'] = now();
      if (fails) run['error'] = { code: 13, message: 'say failed' };
      const error = { code: 1, message: 'exit code 1' };
      const outputs = { model: { artifact_ids: ['7'] } };
      details({ state: run['state'], end_time: now(), outputs, ...(fails && { error }) });
    }
  }
}

function isOver({ state }: Item): boolean {
  return ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(String(state));
}

function isIn(item: Item, { namespace }: Recorded['query']): boolean {
  return (
    namespace === undefined ||
    namespace === '' ||
    item['namespace'] === undefined ||
    item['namespace'] === namespace
  );
}

/** Filters, sorts and cuts a listing. Texts are compared without regard to case, as the database does. */
function listed({ query }: Recorded, field: string, items: readonly Item[]): Answer {
  const { predicates = [] } = JSON.parse(query['filter'] || '{}') as { predicates?: readonly Item[] };
  for (const { operation, key } of predicates)
    if (operation !== 1 || !['display_name', 'name', 'recurring_run_id'].includes(String(key)))
      return failure(400, 3, `no support for filtering on unrecognized field "${String(key)}"`);
  const lower = (value: unknown): string => String(value).toLowerCase();
  const kept = items.filter((item) =>
    predicates.every(({ key, stringValue }) => lower(item[String(key)]) === lower(stringValue)),
  );
  const [by = '', direction] = (query['sort_by'] ?? '').split(' ');
  const sorted = by === '' ? kept : kept.toSorted((a, b) => (String(a[by]) < String(b[by]) ? -1 : 1));
  if (direction === 'desc') sorted.reverse();
  const from = query['page_token'] ? Number(Buffer.from(query['page_token'], 'base64').toString()) : 0;
  // Smaller than what is asked for: clients must go by the tokens.
  const next = from + Math.min(Number(query['page_size'] || 20), 2);
  const page = sorted.slice(from, next);
  return {
    body: {
      ...(page.length > 0 && { [field]: page }),
      total_size: sorted.length,
      ...(next < sorted.length && { next_page_token: Buffer.from(String(next)).toString('base64') }),
    },
  };
}

function jsonOf({ body }: Recorded): Item {
  return body.kind === 'json' ? structuredClone(body.value as Item) : {};
}

/** As the gateway of its API says errors. */
function failure(status: number, code: number, message: string): Answer {
  return { status, body: { error: message, code, message, details: [] } };
}

/** As its server of uploads does. */
function uploadFailure(status: number, message: string): Answer {
  return { status, body: { error_message: message, error_details: message } };
}
