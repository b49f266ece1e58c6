/** The commands as a person calls them, against servers of this machine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject, startIn, type Called, type Project } from '../cli/project.ts';
import { makeAuthority, startProxy, type Proxy } from './servers/google-names.ts';
import { kfpState } from './servers/kfp-server.ts';
import { registryState } from './servers/registry-server.ts';
import { startServer, type TestServer } from './servers/test-server.ts';
import { vertexState } from './servers/vertex-server.ts';
import { documentOf, platform } from './templates.ts';

const authority = makeAuthority();
const kfp = kfpState();
const registry = registryState();
const vertex = vertexState();
let kfpServer: TestServer;
let registryServer: TestServer;
let googleServer: TestServer;
let proxy: Proxy;
let project: Project;

/** Calls `ferrule` with variables, and none of those that this process may have. */
const call = (env: Record<string, string>, ...args: readonly string[]): Promise<Called> =>
  startIn(project.folder, args, { HOME: project.folder, ...env }).ended;
const registryEnv = (): Record<string, string> => ({
  KFP_REPOSITORY: `${registryServer.url}/proj/repo`,
  KFP_REPOSITORY_TOKEN: 'reg-token',
});
const kfpEnv = (): Record<string, string> => ({
  KF_PIPELINES_ENDPOINT: kfpServer.url,
  FERRULE_KFP_TOKEN: 'kfp-token',
});
const googleEnv = (): Record<string, string> => ({
  HTTPS_PROXY: proxy.url,
  NODE_EXTRA_CA_CERTS: authority.ca,
  CLOUDSDK_AUTH_ACCESS_TOKEN: 'google-token',
  KFP_REPOSITORY: 'https://europe-west4-kfp.pkg.dev/my-project/templates',
  STAGING_BUCKET: 'gs://staging',
});

beforeAll(async () => {
  const wants = (token: string) => ({ wants: { header: 'authorization', value: () => `Bearer ${token}` } });
  kfpServer = await startServer(kfp.handler, wants('kfp-token'));
  registryServer = await startServer(registry.handler, wants('reg-token'));
  googleServer = await startServer((request) => vertex.handler(request) ?? registry.handler(request), {
    tls: authority.tls,
    ...wants('google-token'),
  });
  proxy = await startProxy(googleServer.port);
  project = makeProject({
    'greet.yaml': documentOf('greet'),
    'pinned.yaml': documentOf('pinned', 'hello', platform),
    'local.yaml': documentOf('local').replace(
      'image: busybox',
      'image: busybox\n        resources:\n          accelerator:\n            resourceType: nvidia.com/gpu',
    ),
  });
});
afterAll(async () => {
  await proxy.close();
  for (const server of [kfpServer, registryServer, googleServer]) await server.close();
  project.remove();
  authority.remove();
});

describe('ferrule upload and templates', () => {
  it('keep a template, show it, move its tags, and delete it', async () => {
    const env = registryEnv();
    const upload = await call(
      env,
      'upload',
      'greet.yaml',
      '--tag',
      'one',
      '--tag',
      'latest',
      '--description',
      'says hello',
    );
    expect(upload.stderr).toBe('');
    expect(
      registryServer.requests.every(({ headers }) => /^ferrule\/\d/.test(headers['user-agent'] ?? '')),
    ).toBe(true);
    expect(upload.stdout).toMatch(
      /^greet {2}uploaded sha256:[\da-f]{64}\n {2}tag one -> sha256:.*\n {2}tag latest -> .*\nhttp:.*\/proj\/repo\/greet\/sha256:[\da-f]{64}\n$/,
    );
    expect((await call(env, 'upload', 'greet.yaml', '--tag', 'one')).stdout).toMatch(
      /unchanged .*nothing was uploaded\n {2}tag one -> .*, as before/,
    );
    expect((await call(env, 'templates', 'list')).stdout).toMatch(/PACKAGE.*\ngreet +2026-/);
    expect((await call(env, 'templates', 'versions', 'greet')).stdout).toMatch(
      /sha256:[\da-f]{64} .* latest, one {2}says hello/,
    );
    const show = JSON.parse((await call(env, 'templates', 'show', 'greet', 'one', '--json')).stdout) as {
      name: string;
      tags: string[];
      uri: string;
    };
    expect(show.tags).toEqual(['latest', 'one']);
    expect((await call(env, 'templates', 'tag', 'greet', 'one', 'two')).stdout).toBe(
      `tag two -> ${show.name}\n`,
    );
    expect((await call(env, 'templates', 'untag', 'greet', 'two')).stdout).toBe('tag two removed\n');
    expect((await call(env, 'templates', 'download', 'greet', 'latest', '-o', '-')).stdout).toBe(
      documentOf('greet'),
    );
    expect((await call(env, 'templates', 'download', 'greet', 'latest')).stdout).toContain(
      'greet_latest.yaml',
    );
    expect(readFileSync(join(project.folder, 'greet_latest.yaml'), 'utf8')).toBe(documentOf('greet'));
    const kept = await call(env, 'templates', 'delete', 'greet');
    expect([kept.status, kept.stderr]).toEqual([1, expect.stringContaining('FER8007')]);
    expect((await call(env, 'templates', 'delete', 'greet', '--force')).stdout).toBe(
      'greet deleted, with 1 version\n',
    );
    const gone = await call(env, 'templates', 'show', 'greet', '--json');
    expect(JSON.parse(gone.stdout)).toMatchObject({ status: 'failed', errors: [{ code: 'FER8004' }] });
  });

  it('say what is missing, and never print a token', async () => {
    const nowhere = await call({ KFP_REPOSITORY: '' }, 'templates', 'list');
    expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringContaining('FER8010')]);
    const refused = await call(
      { ...registryEnv(), KFP_REPOSITORY_TOKEN: 'wrong-token-123' },
      'upload',
      'greet.yaml',
    );
    expect(refused.stderr).toContain('FER8002');
    expect(refused.stderr).toContain('KFP_REPOSITORY_TOKEN');
    expect(refused.stderr).not.toContain('wrong-token-123');
  });

  it('keep pipelines in KFP, where what KFP cannot run is refused', async () => {
    const upload = await call(kfpEnv(), 'upload', 'pinned.yaml', '--backend', 'kfp', '--tag', 'stable');
    expect(upload.stdout).toContain('kfp://pinned/pinned');
    expect(
      (await call(kfpEnv(), 'templates', 'download', 'pinned', 'stable', '--backend', 'kfp', '-o', '-'))
        .stdout,
    ).toContain('nodeSelector');
  });
});

describe('ferrule submit', () => {
  it('runs on KFP, with progress and an exit status', async () => {
    const run = await call(
      kfpEnv(),
      'submit',
      'greet.yaml',
      '--backend',
      'kfp',
      '-p',
      'text=hi',
      '--name',
      'first',
      '--wait',
      '--poll',
      '0.1',
    );
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(
      /greet run [\w-]+\nsay started\nsay succeeded in .*\n\nsucceeded.* 1 ran\n\nhttp:.*#\/runs\/details\//,
    );
    expect(run.status).toBe(0);
    const failed = await call(
      kfpEnv(),
      'submit',
      'greet.yaml',
      '--backend',
      'kfp',
      '-p',
      'text=fail',
      '--wait',
      '--poll',
      '0.1',
      '--json',
    );
    expect(failed.status).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      status: 'failed',
      backend: 'kfp',
      tasks: [{ name: 'say', status: 'failed', error: { problem: 'exit code 1' } }],
    });
    const started = await call(
      kfpEnv(),
      'submit',
      'greet.yaml',
      '--backend',
      'kfp',
      '-p',
      'text=hi',
      '--json',
    );
    expect(JSON.parse(started.stdout)).toMatchObject({
      status: 'pending',
      link: expect.stringContaining('/#/runs/details/'),
    });
  });

  it('takes a template from the KFP that --host names', async () => {
    await call(kfpEnv(), 'upload', 'greet.yaml', '--backend', 'kfp', '--tag', 'hosted');
    const env = { ...kfpEnv(), KF_PIPELINES_ENDPOINT: '' };
    const again = await call(
      env,
      'upload',
      'kfp://greet/hosted',
      '--backend',
      'kfp',
      '--host',
      kfpServer.url,
    );
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('unchanged greet')]);
    const run = await call(
      env,
      'submit',
      'kfp://greet/hosted',
      '--backend',
      'kfp',
      '--host',
      kfpServer.url,
      '-p',
      'text=hi',
      '--json',
    );
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'pending' });
  });

  it('runs a template of KFP by reference', async () => {
    await call(kfpEnv(), 'upload', 'greet.yaml', '--backend', 'kfp', '--tag', 'live');
    const run = await call(
      kfpEnv(),
      'submit',
      'kfp://greet/live',
      '--backend',
      'kfp',
      '-p',
      'text=hi',
      '--json',
    );
    const { runId } = JSON.parse(run.stdout) as { runId: string };
    expect(kfp.runs.get(runId)).toMatchObject({
      pipeline_version_reference: { pipeline_version_id: expect.any(String) },
    });
    expect(kfp.runs.get(runId)).not.toHaveProperty('pipeline_spec');
  });

  it('checks parameters, options and the backend before anything is sent', async () => {
    const before = kfpServer.requests.length + googleServer.requests.length;
    const submit = (env: Record<string, string>, ...args: readonly string[]): Promise<Called> =>
      call(env, 'submit', ...args);
    expect((await submit(kfpEnv(), 'greet.yaml', '--backend', 'kfp')).stderr).toContain('"text"');
    expect(
      (await submit(kfpEnv(), 'greet.yaml', '--backend', 'kfp', '-p', 'text=a', '-p', 'count=many')).stderr,
    ).toContain('FER3003');
    expect(
      (await submit(kfpEnv(), 'greet.yaml', '--backend', 'kfp', '-p', 'text=a', '--region', 'x')).stderr,
    ).toContain('--region says nothing to the backend kfp');
    expect((await submit({}, 'greet.yaml', '--backend', 'kfp', '-p', 'text=a')).stderr).toContain('FER8010');
    const vertexRefusal = await submit(googleEnv(), 'local.yaml', '--backend', 'vertex', '-p', 'text=a');
    expect(vertexRefusal.stderr).toMatch(/FER8011 {2}Vertex AI cannot run the task "say": .*NVIDIA_TESLA_T4/);
    expect(kfpServer.requests.length + googleServer.requests.length).toBe(before);
    const vertexArgs = ['local.yaml', '--backend', 'vertex', '-p', 'text=a'] as const;
    const lastJob = (): string => JSON.stringify([...vertex.jobs.values()].at(-1));
    expect((await submit(googleEnv(), ...vertexArgs, '--force')).status).toBe(0);
    expect(lastJob()).toContain('"resourceType":"nvidia.com/gpu"');
    expect((await submit(googleEnv(), ...vertexArgs, '--accelerator', 'NVIDIA_TESLA_T4')).stderr).toBe('');
    expect(lastJob()).toContain('"accelerator":{"resourceType":"NVIDIA_TESLA_T4"}');
    expect((await submit(googleEnv(), ...vertexArgs, '--accelerator', 'none')).stderr).toBe('');
    expect(lastJob()).not.toContain('accelerator');
  });

  it('runs a template of Artifact Registry on Vertex AI', async () => {
    const env = googleEnv();
    const upload = await call(env, 'upload', 'greet.yaml', '--tag', 'latest');
    expect([upload.stderr, upload.status]).toEqual(['', 0]);
    const uri = 'https://europe-west4-kfp.pkg.dev/my-project/templates/greet/latest';
    const run = await call(
      env,
      'submit',
      uri,
      '--backend',
      'vertex',
      '-p',
      'text=hi',
      '--label',
      'team=vision',
      '--wait',
      '--poll',
      '0.1',
    );
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(
      /say succeeded[^]*succeeded[^]*console\.cloud\.google\.com\/vertex-ai\/locations\/europe-west4\/pipelines\/runs\/greet-/,
    );
    const [job] = [...vertex.jobs.values()].slice(-1);
    expect(job).toMatchObject({
      templateUri: uri,
      labels: { team: 'vision' },
      runtimeConfig: { gcsOutputDirectory: 'gs://staging', parameterValues: { text: 'hi' } },
      name: expect.stringContaining('projects/my-project/locations/europe-west4/'),
    });
  });

  it('stops waiting at Ctrl-C, and says that the run goes on', async () => {
    const started = startIn(
      project.folder,
      ['submit', 'greet.yaml', '--backend', 'kfp', '-p', 'text=hi', '--wait', '--poll', '60'],
      kfpEnv(),
    );
    await started.said('say started');
    started.child.kill('SIGINT');
    const { status, stderr } = await started.ended;
    expect([status, stderr]).toEqual([130, expect.stringMatching(/the run .* goes on: http/)]);
  });
});

describe('a template', () => {
  it('of a source is run by our own runner, by its URI', async () => {
    const source = join(import.meta.dirname, '..', '..', 'examples', 'words', 'pipeline.ts');
    const upload = await call(registryEnv(), 'upload', source, '--tag', 'latest', '--json');
    expect(JSON.parse(upload.stdout)).toMatchObject({ kind: 'uploaded', version: { package: 'words' } });
    const again = await call(registryEnv(), 'upload', source, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ kind: 'unchanged' });
    const uri = `${registryServer.url}/proj/repo/words/latest`;
    const run = await call(
      registryEnv(),
      'submit',
      uri,
      '--backend',
      'local',
      '-p',
      'text=Fog and frost',
      '--json',
    );
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: 'succeeded',
      outputs: { total: 1, longest: 'frost' },
    });
  });

  it('is planned and compiled by its URI too', async () => {
    const file = join(project.folder, 'greet_local.yaml');
    const uri = `${registryServer.url}/proj/repo/greet/latest`;
    await call(registryEnv(), 'upload', 'greet.yaml', '--tag', 'latest');
    const plan = await call(registryEnv(), 'plan', uri, '-p', 'text=hi', '--json');
    expect(plan.stderr).not.toContain('FER8');
    expect(plan.stdout).toContain('say');
    const wrong = await call(registryEnv(), 'run', `${registryServer.url}/proj/repo/greet`, '-p', 'text=hi');
    expect(wrong.stderr).toContain('FER8013');
    const compiled = await call(registryEnv(), 'compile', uri, '-o', 'greet_local.yaml');
    expect([compiled.status, existsSync(file)]).toEqual([0, true]);
    expect((await call({}, 'run', `${registryServer.url}/nowhere`)).stderr).toContain('FER8010');
  });
});
