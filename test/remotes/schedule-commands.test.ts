/** Schedules, and runs elsewhere, as a person calls them: on `ferrule server`, and at a stand-in for Vertex AI. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject, startIn, type Called, type Project } from '../cli/project.ts';
import { serve, type Serving } from '../server/serving.ts';
import { startServer, type TestServer } from './servers/test-server.ts';
import { vertexState } from './servers/vertex-server.ts';
import { documentOf } from './templates.ts';

const pipeline = `
import { component, int, pipeline, TaskError, type Dataset, type Int } from 'ferrule';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
export const say = component({}, async ({ text, seconds }: { text: string; seconds: Int }, out: { data: Dataset }): Promise<string> => {
  for (let i = 1; i <= seconds; i++) {
    console.log('line ' + i + ' of ' + text);
    await sleep(1000);
  }
  if (text === 'fail' && !existsSync('mended')) throw new TaskError('it was told to fail', { fix: 'mend it' });
  writeFileSync(out.data.path, text);
  return text;
});
export default pipeline('greet', { text: 'hello', seconds: int(0) }, ({ text, seconds }) => {
  say({ text, seconds }, { cache: false });
});
`;

interface Schedule {
  readonly id: string;
  readonly status: string;
  readonly next: readonly string[];
}

let project: Project;
let serving: Serving;
let vertexServer: TestServer;
const vertex = vertexState();

const call = (env: Record<string, string>, ...args: readonly string[]): Promise<Called> =>
  startIn(project.folder, args, { HOME: project.folder, ...env }).ended;
const kfp = (...args: readonly string[]): Promise<Called> =>
  call({ KF_PIPELINES_ENDPOINT: serving.url }, ...args, '--backend', 'kfp');
const onVertex = (...args: readonly string[]): Promise<Called> =>
  call(
    {
      CLOUDSDK_AUTH_ACCESS_TOKEN: 'google-token',
      GOOGLE_CLOUD_PROJECT: 'my-project',
      GOOGLE_CLOUD_REGION: 'europe-west4',
      FERRULE_VERTEX_ENDPOINT: vertexServer.url,
      STAGING_BUCKET: 'gs://staging',
    },
    ...args,
    '--backend',
    'vertex',
  );
const json = async <T>(called: Promise<Called>): Promise<T> => {
  const { stdout, stderr } = await called;
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
};

beforeAll(async () => {
  project = makeProject({ 'greet.ts': pipeline, 'plain.yaml': documentOf('plain') });
  serving = await serve(project);
  vertexServer = await startServer(vertex.handler);
});
afterAll(async () => {
  await serving.stop();
  await vertexServer.close();
  project.remove();
});

describe('ferrule schedule', () => {
  it('has ferrule server run a pipeline, and says when it is due next', async () => {
    const made = await kfp(
      'schedule',
      'create',
      'greet.ts',
      '--every',
      '1s',
      '-p',
      'text=hi',
      '--name',
      'often',
    );
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(/^often\n {2}id +[\da-f-]{36}\n {2}status +active\n {2}times +every 1s\n/);
    expect(made.stdout.match(/\d\d:\d\d:\d\d UTC/g)).toHaveLength(3);
    let runs: readonly { readonly name: string; readonly status: string }[] = [];
    for (
      let tries = 0;
      tries < 40 && runs.filter(({ status }) => status === 'succeeded').length < 2;
      tries++
    ) {
      await wait(250);
      runs = await json(kfp('schedule', 'runs', 'often', '--json'));
    }
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.every(({ name }) => name.startsWith('often '))).toBe(true);
    expect((await kfp('schedule', 'pause', 'often')).stdout).toMatch(/status +paused/);
    const count = (await json<unknown[]>(kfp('schedule', 'runs', 'often', '-n', '100', '--json'))).length;
    await wait(1500);
    expect(await json(kfp('schedule', 'runs', 'often', '-n', '100', '--json'))).toHaveLength(count);
    expect((await kfp('schedule', 'list')).stdout).toMatch(/often +paused +every 1s/);
    expect((await kfp('schedule', 'resume', 'often')).stdout).toMatch(/status +active/);
    expect((await kfp('schedule', 'delete', 'often')).stdout).toContain('runs that it started stay');
    expect((await kfp('runs', '-n', '1')).stdout).toContain('often ');
    expect((await kfp('schedule', 'show', 'often')).stderr).toContain(
      'FER8004  there is no schedule "often"',
    );
  });

  it('finds a schedule by its name only where that means one', async () => {
    const make = (): Promise<Schedule> =>
      json(
        kfp('schedule', 'create', 'greet.ts', '--cron', '0 6 * * *', '--name', 'twice', '--paused', '--json'),
      );
    const [one, two] = [await make(), await make()];
    expect(one).toMatchObject({ status: 'paused', next: [] });
    const unclear = await kfp('schedule', 'delete', 'twice');
    expect([unclear.status, unclear.stderr]).toEqual([1, expect.stringContaining(one.id)]);
    for (const { id } of [one, two]) expect((await kfp('schedule', 'delete', id)).status).toBe(0);
  });

  it('checks everything before anything is sent', async () => {
    const create = async (...args: readonly string[]): Promise<string> =>
      (await call({ KF_PIPELINES_ENDPOINT: 'http://127.0.0.1:1' }, 'schedule', 'create', 'greet.ts', ...args))
        .stderr;
    const kfpArgs = ['--backend', 'kfp'];
    expect(await create(...kfpArgs)).toContain(
      'FER8014  a schedule takes either a cron expression or an interval',
    );
    expect(await create(...kfpArgs, '--cron', '0 25 * * *')).toContain('Invalid value for hour: 25');
    expect(await create(...kfpArgs, '--every', 'soon')).toContain('FER1002  "--every soon" is no duration');
    expect(await create(...kfpArgs, '--cron', '@daily', '--end', '2020-01-01T00:00:00Z')).toContain(
      'would have ended',
    );
    expect(await create(...kfpArgs, '--cron', '@daily', '--start', 'tomorrow')).toContain(
      'is no time with a zone',
    );
    expect(await create(...kfpArgs, '--cron', '@daily', '-p', 'seconds=many')).toContain('FER3003');
    expect(await create(...kfpArgs, '--cron', '@daily', '--queue', 'gpus')).toContain(
      '--queue says nothing to the backend kfp',
    );
    expect(await create('--backend', 'kubernetes', '--every', '1h')).toContain('FER1006');
    expect(await create('--backend', 'vertex', '--cron', '@daily')).toContain('FER8010');
  });

  it('names what a backend cannot express', async () => {
    const refused = async (called: Promise<Called>): Promise<string> => {
      const { status, stderr } = await called;
      expect(status).toBe(1);
      return stderr;
    };
    const daily = ['schedule', 'create', 'greet.ts', '--cron', '0 6 * * *'];
    expect(await refused(kfp(...daily, '--time-zone', 'Europe/Berlin'))).toContain('KFP has one time zone');
    expect(await refused(kfp(...daily, '--max-runs', '3'))).toContain('KFP limits neither');
    expect(await refused(kfp(...daily, '--max-concurrent', '11'))).toContain('1 to 10');
    expect(
      await refused(onVertex('schedule', 'create', 'plain.yaml', '-p', 'text=a', '--every', '1h')),
    ).toContain('Vertex AI knows no intervals');
    const { id } = await json<Schedule>(kfp(...daily, '--paused', '--json'));
    expect(await refused(kfp('schedule', 'update', id, '--cron', '0 7 * * *'))).toContain(
      'KFP cannot change',
    );
    expect(await refused(kfp('schedule', 'resume', id, '--no-catch-up'))).toContain(
      'from when a recurring run was made',
    );
    expect(await refused(kfp('schedule', 'update', id))).toContain('nothing says what is to become another');
    await kfp('schedule', 'delete', id);
  });

  it('makes, changes and ends schedules of Vertex AI', async () => {
    const made = await json<Schedule>(
      onVertex(
        'schedule',
        'create',
        'plain.yaml',
        '-p',
        'text=a',
        '--cron',
        '0 6 * * *',
        '--time-zone',
        'Europe/Berlin',
        '--max-concurrent',
        '2',
        '--queueing',
        '--max-runs',
        '5',
        '--json',
      ),
    );
    expect(made.next).toHaveLength(3);
    const changed = await onVertex('schedule', 'update', 'plain', '--cron', '0 7 * * *', '--name', 'daily');
    expect(changed.stdout).toMatch(/^daily\n[^]*times +0 7 \* \* \*/);
    expect((await onVertex('schedule', 'pause', 'daily')).stdout).toMatch(/status +paused/);
    expect((await onVertex('schedule', 'resume', 'daily', '--catch-up')).stdout).toMatch(/status +active/);
    expect((await onVertex('schedule', 'delete', 'daily', '--json')).stdout).toContain('"deleted"');
  });
});

describe('a run elsewhere', () => {
  const submit = async (...args: readonly string[]): Promise<string> =>
    (await json<{ runId: string }>(kfp('submit', 'greet.ts', ...args, '--json'))).runId;

  it('is listed, shown with its artifacts, and its logs are read', async () => {
    const runId = await submit('-p', 'text=hi', '-p', 'seconds=2', '--name', 'a first one');
    const waited = await kfp('show', runId.slice(0, 8), '--wait');
    expect([waited.status, waited.stderr]).toEqual([0, '']);
    expect(waited.stdout).toMatch(/say succeeded[^]*succeeded in/);
    expect((await kfp('runs', '--status', 'succeeded')).stdout).toMatch(
      new RegExp(`${runId} +succeeded .* a first one`),
    );
    const shown = await kfp('show', 'a first one');
    expect(shown.stdout).toMatch(/say +succeeded/);
    expect(shown.stdout).toMatch(/say\.data +system\.Dataset +\S*data/);
    expect(await json(kfp('show', 'latest', '--json'))).toMatchObject({
      id: runId,
      backend: 'kfp',
      artifacts: [{ task: 'say', output: 'data', type: 'system.Dataset', uri: expect.any(String) }],
    });
    expect((await kfp('logs', runId, 'say')).stdout).toBe('line 1 of hi\nline 2 of hi\n');
    expect((await kfp('logs', runId)).stdout).toContain('say | line 1 of hi\n');
    expect((await kfp('logs', runId, 'nothing')).stderr).toContain('FER8004');
  });

  it('is followed, cancelled, and ends with the status that its own would', async () => {
    const runId = await submit('-p', 'seconds=60');
    const following = kfp('logs', runId, 'say', '--follow');
    await wait(3000);
    expect((await kfp('cancel', runId)).stdout).toBe(`run ${runId} will be cancelled\n`);
    const { status, stdout } = await following;
    expect(status).toBe(130);
    const lines = stdout.split('\n').filter((line) => line !== '');
    expect(lines).toEqual(lines.map((_, index) => `line ${index + 1} of hello`));
    expect((await kfp('show', runId, '--wait')).status).toBe(130);
    expect((await kfp('cancel', runId)).stdout).toContain('has already been cancelled');
  });

  it('goes on after it failed, is archived and brought back, and deleted once it has ended', async () => {
    const runId = await submit('-p', 'text=fail');
    expect((await kfp('show', runId, '--wait')).status).toBe(1);
    project.write('mended', '');
    expect((await kfp('resume', runId)).stdout).toContain('is tried again');
    expect((await kfp('show', runId, '--wait')).status).toBe(0);
    const stored = async (): Promise<unknown> =>
      (await serving.call('GET', `/apis/v2beta1/runs/${runId}`)).body.storage_state;
    await kfp('archive', runId);
    expect(await stored()).toBe('ARCHIVED');
    await kfp('unarchive', runId);
    expect(await stored()).toBe('AVAILABLE');
    const other = await submit('-p', 'seconds=60');
    expect((await kfp('delete', other)).stderr).toContain('end it first: ferrule cancel');
    await kfp('cancel', other);
    expect((await kfp('delete', runId)).status).toBe(0);
    expect((await kfp('show', runId)).stderr).toContain('FER8004');
  });

  it('on Vertex AI is listed, watched and cancelled too; its logs are elsewhere', async () => {
    const { runId } = await json<{ runId: string }>(
      onVertex('submit', 'plain.yaml', '-p', 'text=a', '--json'),
    );
    expect((await onVertex('runs')).stdout).toContain(runId);
    expect((await onVertex('logs', runId)).stderr).toContain('Cloud Logging');
    expect((await onVertex('show', runId, '--wait', '--poll', '1')).status).toBe(0);
    expect((await onVertex('show', runId)).stdout).toContain('console.cloud.google.com');
    expect((await onVertex('delete', runId)).status).toBe(0);
  });

  it('is not taken for one of our own, nor the other way round', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => (await call({}, ...args)).stderr;
    expect(await refused('runs', '--host', serving.url)).toContain('add --backend kfp or vertex');
    expect(await refused('show', 'latest', '--wait')).toContain('--wait is for runs on other backends');
    expect(await refused('delete', 'latest')).toContain('nothing says where the run is');
    expect((await kfp('show', 'latest', '--root', join(project.folder, 'root'))).stderr).toContain(
      '--root says nothing',
    );
    expect((await kfp('cancel', 'latest', '--context', 'c')).stderr).toContain('--context says nothing');
  });
});
