import { describe, expect, it } from 'vitest';
import { bearerToken, fixedCredentials } from '../../remotes/credentials/credentials.ts';
import { kfpArtifacts } from '../../remotes/kfp/artifacts.ts';
import { kfpExperiments } from '../../remotes/kfp/experiments.ts';
import { kfpHealth } from '../../remotes/kfp/health.ts';
import { kfpHttp, type KfpOptions } from '../../remotes/kfp/kfp-http.ts';
import { kfpSchedules } from '../../remotes/kfp/recurring-runs.ts';
import { kfpRuns } from '../../remotes/kfp/run-service.ts';
import { kfpTemplates } from '../../remotes/kfp/template-store.ts';
import { runContract } from './run-contract.ts';
import { scheduleContract } from './schedule-contract.ts';
import { kfpState } from './servers/kfp-server.ts';
import { startServer } from './servers/test-server.ts';
import { templateContract } from './template-contract.ts';
import { platform, templateOf } from './templates.ts';

async function open(options: Partial<KfpOptions> = {}) {
  const state = kfpState('/pipeline');
  const server = await startServer(state.handler, {
    wants: { header: 'authorization', value: () => 'Bearer a-token' },
  });
  const http = kfpHttp({
    host: `${server.url}/pipeline/`,
    credentials: bearerToken('a-token', 'sign in'),
    pauses: [1, 1, 1],
    ...options,
  });
  const close = async (): Promise<void> => {
    await http.close();
    await server.close();
  };
  return {
    state,
    server,
    http,
    runs: kfpRuns(http),
    schedules: kfpSchedules(http),
    templates: kfpTemplates(http),
    close,
  };
}

templateContract('KFP', async () => {
  const { state, server, templates } = await open();
  return { store: templates, uploads: () => state.uploads, close: () => server.close() };
});
runContract('KFP', open);
scheduleContract('KFP', open);

describe('KFP', () => {
  const { compiled } = templateOf('greet', 'hello', platform);
  const parameters = { text: 'hello' };

  it('runs what it keeps by reference, and anything else by its spec', async () => {
    const { runs, state, templates, close } = await open();
    await templates.upload(templateOf('greet'));
    const { id: versionId = '' } = await templates.version('greet', 'greet');
    const pipelineId = '00000000-0000-4000-8000-000000000000';
    const template = { uri: 'kfp://greet/greet', pipelineId, versionId };
    const run = await runs.create({ compiled, parameters, template, experiment: 'tests' });
    expect(state.runs.get(run.id)).toMatchObject({
      pipeline_version_reference: { pipeline_id: pipelineId, pipeline_version_id: versionId },
      runtime_config: { parameters },
    });
    const other = await runs.create({
      compiled,
      parameters,
      caching: false,
      serviceAccount: 'runner',
      pipelineRoot: 's3://b/p',
      experiment: 'tests',
    });
    expect(state.runs.get(other.id)).toMatchObject({
      service_account: 'runner',
      runtime_config: { pipeline_root: 's3://b/p' },
      pipeline_spec: {
        pipeline_spec: { root: { dag: { tasks: { say: { cachingOptions: {} } } } } },
        platform_spec: { platforms: { kubernetes: {} } },
      },
    });
    expect(state.experiments.size).toBe(1);
    await close();
  });

  it('tries failed runs again, and archives and brings back runs and experiments', async () => {
    const { runs, http, close, state } = await open();
    const { id } = await runs.create({ compiled, parameters: { text: 'fail' } });
    await runs.wait(id, { pause: 1 });
    await runs.retry(id);
    expect((await runs.wait(id, { pause: 1 })).status).toBe('succeeded');
    await expect(runs.retry(id)).rejects.toMatchObject({
      code: 'FER8007',
      problem: expect.stringContaining('failed state'),
    });
    await runs.archive(id);
    expect(state.runs.get(id)?.['storage_state']).toBe('ARCHIVED');
    await runs.unarchive(id);
    expect(state.runs.get(id)?.['storage_state']).toBe('AVAILABLE');
    const experiments = kfpExperiments(http);
    const [only] = await experiments.list();
    await experiments.archive(only?.id ?? '');
    expect((await experiments.find('Default'))?.archived).toBe(true);
    await experiments.unarchive(only?.id ?? '');
    await experiments.delete(only?.id ?? '');
    expect(await experiments.list()).toEqual([]);
    await close();
  });

  it('reads answers that have null for what is not there', async () => {
    const { runs, server, close } = await open();
    const run = {
      run_id: 'r',
      display_name: 'a run',
      state: 'FAILED',
      error: null,
      finished_at: null,
      run_details: {
        task_details: [{ task_id: 't', display_name: 'say', child_tasks: null, outputs: null }],
      },
    };
    server.fail({ kind: 'answer', status: 200, body: run });
    expect(await runs.get('r')).toMatchObject({
      status: 'failed',
      tasks: [{ name: 'say', status: 'pending' }],
    });
    await close();
  });

  it('takes an experiment that somebody else made meanwhile', async () => {
    const { http, server, close } = await open();
    const experiments = kfpExperiments(http);
    const made = await experiments.ensure('shared');
    server.fail({ kind: 'answer', status: 200, body: {} });
    expect(await experiments.ensure('shared')).toEqual(made);
    await close();
  });

  it('does not send a run again whose answer got lost, and says what to do', async () => {
    const { runs, server, state, close } = await open();
    await kfpExperiments(
      kfpHttp({ host: `${server.url}/pipeline`, credentials: bearerToken('a-token', '') }),
    ).ensure('Default');
    server.fail(
      { kind: 'answer', status: 200, body: { experiments: [...state.experiments.values()] } },
      { kind: 'lose-answer' },
    );
    await expect(runs.create({ compiled, parameters })).rejects.toMatchObject({
      code: 'FER8001',
      fix: expect.stringContaining('look before you send it again'),
    });
    expect(state.runs.size).toBe(1);
    await close();
  });

  it('does not make a schedule twice whose answer got lost', async () => {
    const { schedules, http, server, state, close } = await open();
    await kfpExperiments(http).ensure('Default');
    server.fail(
      { kind: 'answer', status: 200, body: { experiments: [...state.experiments.values()] } },
      { kind: 'lose-answer' },
    );
    const run = { compiled, parameters };
    await expect(schedules.create({ name: 'nightly', cron: '0 6 * * *', run })).rejects.toMatchObject({
      code: 'FER8001',
      fix: expect.stringContaining('look before you send it again'),
    });
    expect(state.recurringRuns.size).toBe(1);
    await close();
  });

  it('finds an upload that was taken although its answer got lost', async () => {
    const { templates, server, state, close } = await open();
    // The first request asks whether there is such a pipeline.
    server.fail({ kind: 'answer', status: 200, body: {} }, { kind: 'lose-answer' });
    expect((await templates.upload(templateOf('lost'), { tags: ['now'] })).kind).toBe('uploaded');
    const isUpload = ({ path }: { path: string }): boolean => path.includes('/upload');
    expect(state.uploads).toBe(1);
    expect(server.requests.filter(isUpload)).toHaveLength(2);
    expect((await templates.version('lost', 'now')).tags).toEqual(['now']);
    await close();
  });

  it('sends a document again whose connection was lost half-way', async () => {
    const { templates, server, state, close } = await open();
    server.fail({ kind: 'answer', status: 200, body: {} }, { kind: 'lose-request', after: 1000 });
    const long = `# ${'x'.repeat(3_000_000)}`;
    expect(
      (await templates.upload({ ...templateOf('long'), text: `${templateOf('long').text}\n${long}` })).kind,
    ).toBe('uploaded');
    expect(state.uploads).toBe(1);
    await close();
  });

  it('does not take another version of the same name for its own', async () => {
    const { templates, close } = await open();
    expect((await templates.upload(templateOf('named', 'one'), { versionName: 'v1' })).version.name).toBe(
      'v1',
    );
    expect((await templates.versions('named')).map(({ name }) => name)).toEqual(['v1']);
    await templates.upload(templateOf('named', 'two'), { versionName: 'v2' });
    await expect(templates.upload(templateOf('named', 'three'), { versionName: 'v2' })).rejects.toMatchObject(
      { code: 'FER8005' },
    );
    await close();
  });

  it('tells tasks from what the backend does for them', async () => {
    const { runs, state, close } = await open();
    const { id } = await runs.create({ compiled, parameters });
    const names = async (...display: readonly string[]): Promise<readonly string[]> => {
      const task_details = display.map((name, at) => ({
        task_id: `${at}`,
        display_name: name,
        state: name.startsWith('sad') ? 'FAILED' : 'SKIPPED',
        start_time: '0001-01-01T00:00:00Z',
      }));
      Object.assign(state.runs.get(id) ?? {}, { state: 'FAILED', run_details: { task_details } });
      const { tasks } = await runs.get(id);
      expect(tasks.some(({ startedAt }) => startedAt !== undefined)).toBe(false);
      return tasks.map(
        (task) => `${task.name} ${task.status}${task.error === undefined ? '' : `: ${task.error}`}`,
      );
    };
    expect(await names('root', 'root-driver', 'say-driver', 'say', 'executor')).toEqual(['say skipped']);
    expect(await names('screw-driver-driver', 'screw-driver')).toEqual(['screw-driver skipped']);
    expect(await names('sad-driver')).toEqual(['sad failed: its driver failed']);
    await close();
  });

  it('takes intervals, and refuses what it cannot express', async () => {
    const { schedules, state, close } = await open();
    const run = { compiled, parameters };
    const { id } = await schedules.create({ name: 'often', interval: 600, catchUp: false, run });
    expect(state.recurringRuns.get(id)).toMatchObject({
      no_catchup: true,
      max_concurrency: '1',
      trigger: { periodic_schedule: { interval_second: 600 } },
    });
    expect((await schedules.get(id)).interval).toBe(600);
    for (const wrong of [
      { cron: '* * * * *', interval: 5 },
      { cron: '* * * * *', timeZone: 'Europe/Berlin' },
      { interval: 0.5 },
      { interval: 5, maxRuns: 3 },
    ])
      await expect(schedules.create({ name: 'x', run, ...wrong })).rejects.toMatchObject({ code: 'FER8014' });
    await expect(schedules.update(id, { name: 'y' })).rejects.toMatchObject({ code: 'FER8014' });
    await close();
  });

  it('knows artifacts by their ids alone where its API has none, and does not ask for each', async () => {
    const { http, server, close } = await open();
    const before = server.requests.length;
    expect(await kfpArtifacts(http, ['7', '8', '9'])).toEqual([{ id: '7' }, { id: '8' }, { id: '9' }]);
    expect(server.requests.length).toBe(before + 1);
    server.fail({ kind: 'answer', status: 200, body: '<!doctype html><title>Kubeflow</title>' });
    expect(await kfpArtifacts(http, ['7'])).toEqual([{ id: '7' }]);
    server.fail({
      kind: 'answer',
      status: 200,
      body: { artifact_id: 7, name: 'model', uri: 's3://b/m', type: 'system.Model' },
    });
    expect(await kfpArtifacts(http, ['7'])).toEqual([
      { id: '7', name: 'model', uri: 's3://b/m', type: 'system.Model' },
    ]);
    await close();
  });

  it('tells how it is, is found below a path, and takes a namespace and cookies', async () => {
    const { http, close, server } = await open();
    expect(await kfpHealth(http)).toEqual({ multiUser: false, store: 'database' });
    const cookie = kfpHttp({
      host: `${server.url}/pipeline/apis/v2beta1`,
      namespace: 'team',
      pauses: [],
      credentials: fixedCredentials({ cookie: 'authservice_session=abc' }, 'sign in again'),
    });
    await expect(kfpRuns(cookie).list()).rejects.toMatchObject({ code: 'FER8002', fix: 'sign in again' });
    expect(server.requests.at(-1)?.headers['cookie']).toBe('authservice_session=abc');
    expect(server.requests.at(-1)?.query['namespace']).toBe('team');
    await cookie.close();
    await close();
    expect(() => kfpHttp({ host: ' ', credentials: bearerToken('a', '') })).toThrowError(
      expect.objectContaining({ code: 'FER8010' }),
    );
  });
});
