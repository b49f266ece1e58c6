/** Who may do what: tokens, namespaces, limits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../cli/project.ts';
import { makeServedProject, serve, type Serving } from './serving.ts';

const api = '/apis/v2beta1';
let project: Project;
let serving: Serving;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  project = await makeServedProject();
  const lines: string[] = [];
  for (const [name, namespaces] of Object.entries({ ann: 'red', bob: 'blue', root: '*' })) {
    const made = await project.ferrule('token', name, '--namespaces', namespaces);
    tokens[name] = /token: (\S+)/.exec(made.stderr)?.[1] ?? '';
    lines.push(made.stdout);
  }
  project.write('tokens', `# who\n${lines.join('')}`);
  serving = await serve(project, ['--tokens', 'tokens', '--body-limit', '1', '--rate', '200']);
});
afterAll(async () => {
  await serving.stop();
  project.remove();
});

function spec(): unknown {
  return parse(readFileSync(join(project.folder, 'data.yaml'), 'utf8'));
}

describe('a server with tokens', () => {
  it('answers nobody without one, but tells that it lives', async () => {
    expect((await serving.call('GET', `${api}/runs`)).status).toBe(401);
    expect((await serving.call('GET', `${api}/runs`, undefined, 'guessed')).body).toMatchObject({ code: 16 });
    expect((await serving.call('GET', '/metrics')).status).toBe(401);
    expect((await serving.call('GET', `${api}/healthz`)).body).toMatchObject({ multi_user: true });
  });

  it('keeps namespaces apart: what is in another is not there', async () => {
    const made = await serving.call(
      'POST',
      `${api}/runs`,
      { display_name: 'of red', pipeline_spec: spec() },
      tokens['ann'],
    );
    expect(made.status).toBe(200);
    const { run_id: runId, experiment_id: experimentId } = made.body;
    for (const path of [`runs/${runId}`, `runs/${runId}/nodes/make/log`, `experiments/${experimentId}`])
      expect((await serving.call('GET', `${api}/${path}`, undefined, tokens['bob'])).status).toBe(404);
    for (const verb of ['terminate', 'archive', 'retry'])
      expect(
        (await serving.call('POST', `${api}/runs/${runId}:${verb}`, undefined, tokens['bob'])).status,
      ).toBe(404);
    expect((await serving.call('DELETE', `${api}/runs/${runId}`, undefined, tokens['bob'])).status).toBe(404);
    const foreign = { display_name: 'x', experiment_id: experimentId, pipeline_spec: spec() };
    expect((await serving.call('POST', `${api}/runs`, foreign, tokens['bob'])).status).toBe(404);
    expect((await serving.call('GET', `${api}/runs`, undefined, tokens['bob'])).body.total_size).toBe(0);
    expect((await serving.call('GET', `${api}/runs?namespace=red`, undefined, tokens['bob'])).status).toBe(
      403,
    );
    expect(
      (await serving.call('GET', `${api}/runs?experiment_id=${experimentId}`, undefined, tokens['bob']))
        .status,
    ).toBe(404);
    expect(
      (await serving.call('GET', `${api}/runs?namespace=red`, undefined, tokens['root'])).body.total_size,
    ).toBe(1);
    // Somebody who may work everywhere says where.
    expect((await serving.call('GET', `${api}/runs`, undefined, tokens['root'])).status).toBe(400);

    const ended = async (): Promise<unknown> =>
      (await serving.call('GET', `${api}/runs/${runId}`, undefined, tokens['ann'])).body.state;
    await expect.poll(ended, { timeout: 30_000 }).toBe('SUCCEEDED');
    const { body } = await serving.call('GET', `${api}/artifacts?run_id=${runId}`, undefined, tokens['ann']);
    expect(body.artifacts[0].uri).toContain('/namespaces/red/runs/');
    const download = `${api}/artifacts/${body.artifacts[0].artifact_id}:download`;
    expect((await serving.call('GET', download, undefined, tokens['bob'])).status).toBe(404);
    expect((await serving.call('GET', `${api}/artifacts`, undefined, tokens['bob'])).body.total_size).toBe(0);
  });

  it('lets two namespaces use one name, and one namespace not twice', async () => {
    const make = (token: string | undefined) =>
      serving.call('POST', `${api}/pipelines`, { display_name: 'mine' }, token);
    expect((await make(tokens['ann'])).body.namespace).toBe('red');
    expect((await make(tokens['bob'])).body.namespace).toBe('blue');
    expect((await make(tokens['ann'])).status).toBe(409);
  });

  it('refuses namespaces that are no names, wherever they lead', async () => {
    for (const name of ['../red', 'a/b', 'Red'])
      expect(
        (
          await serving.call(
            'GET',
            `${api}/runs?namespace=${encodeURIComponent(name)}`,
            undefined,
            tokens['root'],
          )
        ).status,
      ).toBe(400);
  });

  it('refuses pipeline roots that it was not told to allow', async () => {
    const body = {
      display_name: 'x',
      pipeline_spec: spec(),
      runtime_config: { pipeline_root: '/tmp/elsewhere' },
    };
    const refused = await serving.call('POST', `${api}/runs`, body, tokens['ann']);
    expect(refused).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('--allow-root') },
    });
  });

  it('refuses bodies that are too large, and no JSON', async () => {
    const large = { display_name: 'x'.repeat(2 ** 20) };
    expect((await serving.call('POST', `${api}/pipelines`, large, tokens['ann'])).status).toBe(413);
    const headers = { authorization: `Bearer ${tokens['ann']}` };
    const post = (body: string, type: string) =>
      fetch(`${serving.url}${api}/pipelines`, {
        method: 'POST',
        body,
        headers: { ...headers, 'content-type': type },
      });
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post('{}', 'text/plain')).status).toBe(400);
  });

  it('writes down who started what', async () => {
    const { body } = await serving.call('GET', `${api}/audit?namespace=red`, undefined, tokens['root']);
    const made = body.entries.filter(({ what }: { what: string }) => what === 'run_service_create_run');
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ who: 'ann', namespace: 'red' });
  });

  it('takes a changed file of tokens without a restart, and keeps the old ones where it does not read', async () => {
    const file = readFileSync(join(project.folder, 'tokens'), 'utf8');
    project.write(
      'tokens',
      file
        .split('\n')
        .filter((line) => !line.startsWith('bob:'))
        .join('\n'),
    );
    const status = async (name: string): Promise<number> =>
      (await serving.call('GET', `${api}/auth`, undefined, tokens[name])).status;
    await expect.poll(() => status('bob'), { timeout: 10_000 }).toBe(401);
    expect(await status('ann')).toBe(200);
    project.write('tokens', 'nonsense');
    await new Promise((done) => setTimeout(done, 1500));
    expect(await status('ann')).toBe(200);
    project.write('tokens', file);
    await expect.poll(() => status('bob'), { timeout: 10_000 }).toBe(200);
  });

  it('lets each caller make so many requests, and the others theirs', async () => {
    const many = await serve(project, ['--tokens', 'tokens', '--rate', '1', '--database', 'other.sqlite']);
    const asked = await Promise.all(
      Array.from({ length: 40 }, () => many.call('GET', `${api}/runs`, undefined, tokens['ann'])),
    );
    const refused = asked.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(18);
    expect(refused[0]?.body).toMatchObject({ code: 8 });
    expect((await many.call('GET', `${api}/runs`, undefined, tokens['bob'])).status).toBe(200);
    await many.stop();
  });
});

describe('a server without tokens', () => {
  it('refuses to be reached by others', async () => {
    const { status, stderr } = await project.ferrule('server', '--host', '0.0.0.0', '--port', '0');
    expect(status).toBe(1);
    expect(stderr).toContain('FER9002');
  });

  it('does nothing for pages in a browser, nor under a name that is not its own', async () => {
    const open = await serve(project, ['--database', 'open.sqlite']);
    const post = (headers: Record<string, string>) =>
      fetch(`${open.url}${api}/pipelines`, {
        method: 'POST',
        body: JSON.stringify({ display_name: 'x' }),
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await post({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post({ origin: open.url })).status).toBe(200);
    await open.stop();
  });

  it('says why it cannot start', async () => {
    const taken = await serve(project, ['--database', 'open.sqlite']);
    const port = new URL(taken.url).port;
    const second = await project.ferrule('server', '--port', port, '--database', 'second.sqlite');
    expect(second).toMatchObject({ status: 1, stderr: expect.stringContaining('FER9003') });
    await taken.stop();
    project.write('bad', 'ann:secret:red');
    expect((await project.ferrule('server', '--tokens', 'bad')).stderr).toContain('FER9001');
    expect((await project.ferrule('server', '--time-zone', 'Mars/Base')).stderr).toContain('FER8014');
    expect((await project.ferrule('server', '--database', 'mysql://x')).stderr).toContain('FER9004');
    expect((await project.ferrule('server', '--database', 'postgres://127.0.0.1:1/x')).stderr).toContain(
      'FER9004',
    );
  });
});
