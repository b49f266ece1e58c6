/** Our client of KFP against `ferrule server`: the contracts of its ports, and the requests of Python's client, field by field. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerToken } from '../../remotes/credentials/credentials.ts';
import { kfpHttp } from '../../remotes/kfp/kfp-http.ts';
import { kfpSchedules } from '../../remotes/kfp/recurring-runs.ts';
import { kfpRuns } from '../../remotes/kfp/run-service.ts';
import { kfpTemplates } from '../../remotes/kfp/template-store.ts';
import type { Template } from '../../remotes/ports.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { makeProject, startIn, type Called, type Project } from '../cli/project.ts';
import { kfpPython } from '../counterparts.ts';
import { serve, type Serving } from '../server/serving.ts';
import { kfpSteps } from './kfp-steps.ts';
import { runContract } from './run-contract.ts';
import { scheduleContract } from './schedule-contract.ts';
import { forwardTo, startServer } from './servers/test-server.ts';
import { differences, essence, runPython, stepsOf, withSteps } from './steps.ts';
import { templateContract } from './template-contract.ts';

/** Fails for "fail", and waits for "slow" until it is ended. */
const greet = `
import { component, int, pipeline, TaskError, type Int, type Model } from 'ferrule';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const say = component({}, async ({ text }: { text: string; count: Int }, out: { model: Model }): Promise<string> => {
  await sleep(text === 'slow' ? 100_000 : 300);
  if (text === 'fail') throw new TaskError('it was told to fail', { fix: 'say something else' });
  writeFileSync(out.model.path, text);
  return text;
});
export default pipeline('greet', { text: 'hello', count: int(2) }, ({ text, count }) => {
  say({ text: TEXT, count }, { cache: false });
});
`;

let project: Project;
let serving: Serving;
let spaces = 0;

function template(name: string): Template {
  const text = readFileSync(join(project.folder, name), 'utf8');
  return { text, fileName: name, compiled: readPipelineDocument(text, name) };
}

/** A namespace of its own, with a proxy before the server that records, and fails on demand. */
async function open() {
  const forward = forwardTo(serving.url);
  let uploads = 0;
  const server = await startServer(async (request) => {
    const answer = await forward(request);
    if (request.path.includes('/upload') && answer?.status === 200) uploads += 1;
    return answer;
  });
  const http = kfpHttp({
    host: server.url,
    namespace: `space-${spaces++}`,
    credentials: bearerToken('a-token', 'sign in'),
    pauses: [1, 1, 1],
  });
  return {
    server,
    http,
    runs: kfpRuns(http),
    schedules: kfpSchedules(http),
    store: kfpTemplates(http),
    uploads: () => uploads,
    hasPages: false,
    compiled: template('one.yaml').compiled,
    root: join(project.folder, 'elsewhere'),
    pipelineRoot: join(project.folder, 'elsewhere'),
    async close() {
      await http.close();
      await server.close();
    },
  };
}

beforeAll(async () => {
  const compile = async (name: string, text: string): Promise<void> => {
    project.write(`${name}.ts`, greet.replace('TEXT', text));
    const { status, stderr } = await project.ferrule('compile', `${name}.ts`, '-o', `${name}.yaml`);
    if (status !== 0) throw new Error(stderr);
  };
  project = makeProject({});
  await compile('one', 'text');
  await compile('two', '`${text} ${text}`');
  const digest = createHash('sha256').update('a-token').digest('hex');
  project.write('tokens', `ann:${digest}:*\n`);
  mkdirSync(join(project.folder, 'elsewhere'));
  serving = await serve(project, ['--tokens', 'tokens', '--rate', '1000', '--allow-root', project.folder]);
});
afterAll(async () => {
  const log = await serving.stop();
  project.remove();
  // Whatever went wrong between, the token is nobody's to read.
  if (log.includes('a-token')) throw new Error('the log of the server tells the token');
});

// The store closes its connections itself.
templateContract('ferrule server', async () => {
  const { store, server, uploads } = await open();
  return { store, uploads, close: () => server.close() };
});
runContract('ferrule server', open);
scheduleContract('ferrule server', open);

describe('ferrule server', () => {
  it.skipIf(kfpPython === undefined)("is asked for the same by KFP's client as by ours", async () => {
    const [first, second] = [template('one.yaml'), template('two.yaml')];
    const root = join(project.folder, 'elsewhere');
    const own = await startServer(withSteps(forwardTo(serving.url)));
    await kfpSteps(own, { first, second, root });
    const { body } = await serving.call(
      'GET',
      '/apis/v2beta1/pipelines?namespace=team',
      undefined,
      'a-token',
    );
    for (const { pipeline_id: id } of body.pipelines)
      await serving.call('DELETE', `/apis/v2beta1/pipelines/${id}?cascade=true`, undefined, 'a-token');
    const theirs = await startServer(withSteps(forwardTo(serving.url)));
    await runPython(kfpPython ?? '', 'kfp_client.py', [
      theirs.url,
      join(project.folder, 'one.yaml'),
      join(project.folder, 'two.yaml'),
      root,
    ]);
    expect(differences(stepsOf(own, essenceOfServer), stepsOf(theirs, essenceOfServer))).toEqual([]);
    expect(existsSync(join(root, 'runs'))).toBe(true);
    await own.close();
    await theirs.close();
  });
});

describe('our client, where something goes wrong between', () => {
  it('finds an upload whose answer was lost, and sends one again that was lost half-way', async () => {
    const tested = await open();
    const { server, store, uploads } = tested;
    const [first, second] = [template('one.yaml'), template('two.yaml')];
    // The first request asks whether there is such a pipeline.
    server.fail({ kind: 'answer', status: 200, body: {} }, { kind: 'lose-answer' });
    expect((await store.upload(first, { tags: ['now'] })).kind).toBe('uploaded');
    expect(uploads()).toBe(1);
    expect((await store.version('greet', 'now')).tags).toEqual(['now']);
    const { requests } = server;
    const before = requests.length;
    const lost = { kind: 'lose-request', after: 1000 } as const;
    const text = `${second.text}\n# ${'x'.repeat(2_000_000)}`;
    const sending = store.upload({ ...second, text });
    await expect.poll(() => requests.length, { interval: 1 }).toBeGreaterThan(before);
    server.fail(lost);
    expect((await sending).kind).toBe('uploaded');
    expect((await store.versions('greet')).length).toBe(2);
    await tested.close();
  });

  it('says what was refused, by its code, and tells no token', async () => {
    const made = await project.ferrule('token', 'bob', '--namespaces', 'blue');
    const token = /token: (\S+)/.exec(made.stderr)?.[1] ?? '';
    project.write('few', made.stdout);
    const small = await serve(project, [
      '--tokens',
      'few',
      '--body-limit',
      '1',
      '--rate',
      '1',
      '--database',
      'few.sqlite',
    ]);
    const client = (namespace: string, credential: string) =>
      kfpHttp({ host: small.url, namespace, credentials: bearerToken(credential, 'sign in') });
    const [blue, red, nobody] = [
      client('blue', token),
      client('red', token),
      client('blue', 'a-wrong-token'),
    ];
    const refusals: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['FER8002', () => kfpRuns(nobody).list()],
      ['FER8003', () => kfpRuns(red).list()],
      ['FER8004', () => kfpRuns(blue).get('never-there')],
      ['FER8006', () => kfpTemplates(blue).upload({ ...template('one.yaml'), text: 'x'.repeat(2_000_000) })],
      ['FER8007', () => kfpRuns(blue).list({ sortBy: 'nothing' })],
      ['FER8007', () => kfpRuns(blue).list({ filter: 'nothing' })],
      ['FER8007', () => kfpRuns(blue).list({ pageToken: 'nothing' })],
    ];
    for (const [code, work] of refusals) {
      const error = await work().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, code).toMatchObject({ code, fix: expect.any(String) });
      for (const secret of [token, 'a-wrong-token'])
        expect(JSON.stringify(error) + String(error)).not.toContain(secret);
    }
    // Whoever asks too often is asked to wait a second, and does.
    const many = await Promise.all(Array.from({ length: 16 }, () => kfpRuns(blue).list()));
    expect(many).toHaveLength(16);
    for (const http of [blue, red, nobody]) await http.close();
    const log = await small.stop();
    expect(log).toContain('"status":429');
    for (const secret of [token, 'a-wrong-token']) expect(log).not.toContain(secret);
  });
});

describe('ferrule submit, to ferrule server', () => {
  const submit = (folder: string, host: string, ...args: readonly string[]): Promise<Called> =>
    startIn(folder, ['submit', ...args, '--backend', 'kfp', '--host', host, '--wait', '--poll', '0.2']).ended;
  const repository = resolve(import.meta.dirname, '..', '..');

  it('shows progress, and ends as the run does', async () => {
    const open = await serve(project, ['--database', 'open.sqlite']);
    const ran = await submit(project.folder, open.url, 'one.ts', '-p', 'text=hi');
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/greet run [\w-]+\n(say started\n)?say succeeded/);
    const failed = await submit(project.folder, open.url, 'one.yaml', '-p', 'text=fail');
    expect([failed.status, failed.stdout]).toEqual([1, expect.stringContaining('it was told to fail')]);
    const wrong = await submit(project.folder, open.url, 'one.yaml', '-p', 'count=many');
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('FER3003')]);
    await open.stop();
    const gone = await submit(project.folder, open.url, 'one.yaml');
    expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining('FER8001')]);
  });

  it('runs the flagship on a server of its project, and is told at once where its code is missing', async () => {
    const args = ['-p', 'data_bucket=sample:weather', '-p', 'epochs=1'];
    const here = await serve({ folder: repository }, ['--root', join(project.folder, 'flagship')]);
    const ran = await submit(repository, here.url, 'pipeline.ts', ...args, '--json');
    await here.stop();
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringMatching(/train started\ntrain succeeded in/)]);
    const { status, tasks } = JSON.parse(ran.stdout) as {
      status: string;
      tasks: readonly { name: string }[];
    };
    expect(status).toBe('succeeded');
    expect(tasks.map(({ name }) => name)).toEqual(['data-prep', 'train', 'evaluate']);

    const elsewhere = await serve(project, ['--database', 'elsewhere.sqlite', '--root', 'empty']);
    const refused = await submit(repository, elsewhere.url, 'pipeline.ts', ...args);
    await elsewhere.stop();
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/FER9010.*"dataPrep".*--runner docker/s),
    ]);
  }, 300_000);
});

/** What two clients agree on, without the ids that the server made. */
function essenceOfServer(request: Parameters<typeof essence>[0]): unknown {
  const text = JSON.stringify(essence(request));
  return JSON.parse(text.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'an-id'));
}
