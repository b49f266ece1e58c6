/** Where runs of a server lie: in buckets, apart by namespace, where a request says and the server allows it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../cli/project.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';
import { serverOf } from '../stores/roots.ts';
import { startGcs, startS3 } from '../stores/servers.ts';
import { endOf, makeServedProject, serve, type Answer, type Serving } from './serving.ts';

const api = '/apis/v2beta1';
let project: Project;
const servers: Serving[] = [];
beforeEach(async () => {
  project = await makeServedProject();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
  project.remove();
});

async function started(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const serving = await serve(project, args, more);
  servers.push(serving);
  return serving;
}

function create(serving: Serving, root?: string, token?: string, text = 'hello'): Promise<Answer> {
  const run = {
    display_name: 'a run',
    pipeline_spec: parse(readFileSync(join(project.folder, 'data.yaml'), 'utf8')) as unknown,
    runtime_config: { parameters: { text }, ...(root !== undefined && { pipeline_root: root }) },
  };
  return serving.call('POST', `${api}/runs`, run, token);
}

async function ended(serving: Serving, run: string, token?: string): Promise<Answer['body']> {
  for (;;) {
    const { body } = await serving.call('GET', `${api}/runs/${run}`, undefined, token);
    if (['SUCCEEDED', 'FAILED'].includes(body.state)) return body;
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function artifactsOf(serving: Serving, token?: string): Promise<readonly string[]> {
  const { body } = await serving.call('GET', `${api}/artifacts?page_size=100`, undefined, token);
  return body.artifacts.map(({ uri }: { readonly uri: string }) => uri);
}

describe.each([
  { kind: 'Google Cloud Storage', absent: fakeGcs === undefined, start: () => startGcs(fakeGcs ?? '') },
  { kind: 'S3', absent: versitygw === undefined, start: () => startS3(versitygw ?? '') },
])('a server with its root in a bucket of $kind', ({ absent, start }) => {
  const bucketServer = serverOf(start);

  it.skipIf(absent)('keeps its database beside the project, and all else in the bucket', async () => {
    const { env, freshBucket } = await bucketServer();
    const root = `${await freshBucket()}/team`;
    const more = Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const serving = await started(['--root', root], more);
    const { body } = await create(serving);
    expect((await endOf(serving, body.run_id)).state).toBe('SUCCEEDED');
    expect(existsSync(join(project.folder, '.ferrule', 'server.sqlite'))).toBe(true);
    expect(existsSync(join(project.folder, '.ferrule', 'root'))).toBe(false);
    const uris = await artifactsOf(serving);
    expect(uris.length).toBe(3);
    for (const uri of uris) expect(uri.startsWith(`${root}/`)).toBe(true);
    const { body: listed } = await serving.call('GET', `${api}/artifacts?page_size=100`);
    const words = listed.artifacts.find(({ name }: { readonly name: string }) => name === 'words');
    expect((await serving.call('GET', `${api}/artifacts/${words.artifact_id}:download`)).body).toBe('hello');
    const log = await serving.call('GET', `${api}/runs/${body.run_id}/nodes/make/log`);
    expect(log.status).toBe(200);
    // Killed and started again, it finds its runs in the bucket.
    const next = await create(serving, undefined, undefined, 'again');
    await serving.kill();
    const after = await started(['--root', root], more);
    expect((await endOf(after, next.body.run_id)).state).toBe('SUCCEEDED');
    await after.stop();
  });

  it.skipIf(absent)(
    'goes on with what waits once the bucket is back',
    async () => {
      const bucket = await bucketServer();
      const root = `${await bucket.freshBucket()}/team`;
      const more = Object.fromEntries(
        Object.entries(bucket.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const serving = await started(['--root', root], more);
      await endOf(serving, (await create(serving)).body.run_id);
      await bucket.kill();
      try {
        const { status, body } = await create(serving, undefined, undefined, 'while it is away');
        expect(status).toBe(200);
        await new Promise((done) => setTimeout(done, 2000));
        expect((await serving.call('GET', `${api}/runs`)).body.total_size).toBe(2);
        await bucket.start();
        expect((await endOf(serving, body.run_id)).state).toBe('SUCCEEDED');
      } finally {
        await bucket.start().catch(() => undefined);
      }
      await serving.stop();
    },
    120_000,
  );
});

describe('a root that a request names', () => {
  it('is taken below one that is allowed, and is refused elsewhere, whatever it looks like', async () => {
    const allowed = join(project.folder, 'allowed');
    const serving = await started(['--allow-root', allowed]);
    for (const root of [allowed, `${allowed}/team/`, `${allowed}/team`]) {
      const { status, body } = await create(serving, root, undefined, root);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.runtime_config.pipeline_root).toBe(root);
      const run = await endOf(serving, body.run_id);
      expect(run.state).toBe('SUCCEEDED');
      expect(existsSync(join(root, 'runs', body.run_id, 'log'))).toBe(true);
    }
    const elsewhere = [
      join(project.folder, 'other'),
      `${allowed}-not`,
      `${allowed}/../other`,
      `${allowed}/..`,
      `${allowed}/a/../../other`,
      'gs://somebody/root',
      'relative',
      '/',
      `file://${allowed}`,
    ];
    for (const root of elsewhere) {
      const { status, body } = await create(serving, root);
      expect({ root, status }).toEqual({ root, status: 400 });
      expect(body.message).toContain('--allow-root');
    }
    // Schedules are held to the same.
    const { status } = await serving.call('POST', `${api}/recurringruns`, {
      display_name: 'elsewhere',
      pipeline_spec: parse(readFileSync(join(project.folder, 'data.yaml'), 'utf8')) as unknown,
      runtime_config: { pipeline_root: '/somewhere' },
      trigger: { periodic_schedule: { interval_second: '3600' } },
    });
    expect(status).toBe(400);
    await serving.stop();
  });

  it('lies apart for each namespace, with a cache of its own', async () => {
    const tokens: Record<string, string> = {};
    let lines = '';
    for (const [name, namespaces] of Object.entries({ ann: 'red', bob: 'blue' })) {
      const made = await project.ferrule('token', name, '--namespaces', namespaces);
      tokens[name] = /token: (\S+)/.exec(made.stderr)?.[1] ?? '';
      lines += made.stdout;
    }
    project.write('tokens', lines);
    const serving = await started(['--tokens', 'tokens']);
    const states = async (name: string): Promise<readonly string[]> => {
      const { body } = await create(serving, undefined, tokens[name]);
      const run = await ended(serving, body.run_id, tokens[name]);
      return run.run_details.task_details.map((task: Answer['body']) => task.state);
    };
    expect(await states('ann')).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await states('ann')).toEqual(['SKIPPED', 'SKIPPED']);
    // What is equal was not computed for that one yet.
    expect(await states('bob')).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const root = join(project.folder, '.ferrule', 'root', 'namespaces');
    expect(readdirSync(root).toSorted()).toEqual(['blue', 'red']);
    for (const uri of await artifactsOf(serving, tokens['bob'])) expect(uri).toContain(join(root, 'blue'));
    expect(statSync(join(root, 'red', 'runs')).isDirectory()).toBe(true);
    await serving.stop();
  });
});
