/** What our client of KFP does, step by step: the same as python/kfp_client.py. */
import { bearerToken } from '../../remotes/credentials/credentials.ts';
import { kfpExperiments } from '../../remotes/kfp/experiments.ts';
import { kfpHealth } from '../../remotes/kfp/health.ts';
import { kfpHttp } from '../../remotes/kfp/kfp-http.ts';
import { kfpSchedules } from '../../remotes/kfp/recurring-runs.ts';
import { kfpRuns } from '../../remotes/kfp/run-service.ts';
import { kfpTemplates } from '../../remotes/kfp/template-store.ts';
import type { Template } from '../../remotes/ports.ts';
import { mark } from './steps.ts';
import type { TestServer } from './servers/test-server.ts';

interface StepsInput {
  /** Two versions of one pipeline, with the parameters `text` and `count`. */
  readonly first: Template;
  readonly second: Template;
  /** A pipeline root. */
  readonly root: string;
}

export async function kfpSteps(server: TestServer, { first, second, root }: StepsInput): Promise<void> {
  const http = kfpHttp({ host: server.url, namespace: 'team', credentials: bearerToken('a-token', '') });
  const [runs, templates, schedules, experiments] = [
    kfpRuns(http),
    kfpTemplates(http),
    kfpSchedules(http),
    kfpExperiments(http),
  ];
  const step = (name: string): void => mark(server, name);
  step('health');
  await kfpHealth(http);
  step('upload');
  await templates.upload(first, { description: 'says hello' });
  step('upload-version');
  await templates.upload(second, { description: 'says it twice', versionName: 'v2' });
  const { packageId: pipelineId = '', id: versionId = '' } = await templates.version('greet', 'v2');
  step('list-pipelines');
  await templates.packages();
  step('list-versions');
  await templates.versions('greet');
  step('experiment');
  const experiment = await experiments.ensure('tests');
  const parameters = { text: 'hi' };
  step('run-of-spec');
  const run = await runs.create({
    compiled: first.compiled,
    name: 'a run',
    parameters: { text: 'hi', count: 3 },
    pipelineRoot: root,
    caching: false,
    serviceAccount: 'runner',
    experiment: 'tests',
  });
  step('run-of-version');
  const template = { uri: 'kfp://greet/v2', pipelineId, versionId };
  const other = await runs.create({
    compiled: second.compiled,
    name: 'another',
    parameters,
    template,
    experiment: 'tests',
  });
  step('get-run');
  await runs.get(run.id);
  step('list-runs');
  await runs.list({ pageSize: 5 });
  step('terminate');
  await runs.cancel(run.id);
  step('archive');
  await runs.archive(run.id);
  step('unarchive');
  await runs.unarchive(run.id);
  step('retry');
  await runs.retry(run.id).catch(() => undefined);
  step('delete-run');
  await runs.delete(other.id);
  const scheduled = { compiled: first.compiled, parameters, experiment: 'tests' };
  step('recurring-cron');
  const nightly = await schedules.create({
    name: 'nightly',
    description: 'each night',
    cron: '0 6 * * 1',
    startAt: '2026-02-01T00:00:00Z',
    maxConcurrent: 3,
    catchUp: false,
    run: scheduled,
  });
  step('recurring-interval');
  await schedules.create({ name: 'often', interval: 600, enabled: false, run: scheduled });
  step('get-recurring');
  await schedules.get(nightly.id);
  step('disable');
  await schedules.pause(nightly.id);
  step('enable');
  await schedules.resume(nightly.id);
  step('list-recurring');
  await schedules.list({ pageSize: 5 });
  step('runs-of-recurring');
  await schedules.runs(nightly.id, { pageSize: 5 });
  step('delete-recurring');
  await schedules.delete(nightly.id);
  step('archive-experiment');
  await experiments.archive(experiment.id);
  step('delete-experiment');
  await experiments.delete(experiment.id);
  step('delete-version');
  await templates.deleteVersion('greet', 'v2');
  await http.close();
}
