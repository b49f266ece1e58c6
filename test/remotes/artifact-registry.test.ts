import { afterAll, describe, expect, it } from 'vitest';
import { withQuery } from '../../remotes/http/request.ts';
import { registryTemplates } from '../../remotes/artifact-registry/template-store.ts';
import { bearerToken } from '../../remotes/credentials/credentials.ts';
import { makeAuthority, startProxy } from './servers/google-names.ts';
import { registryState } from './servers/registry-server.ts';
import { startServer, type TestServer } from './servers/test-server.ts';
import { templateContract } from './template-contract.ts';
import { documentOf, templateOf } from './templates.ts';

const authority = makeAuthority();
afterAll(() => authority.remove());
const credentials = bearerToken('a-secret-token', 'sign in');
const wants = { header: 'authorization', value: () => 'Bearer a-secret-token' };
const google = 'https://us-central1-kfp.pkg.dev/my-project/templates';

templateContract('a registry of its own address', async () => {
  const state = registryState();
  const server = await startServer(state.handler, { wants });
  const store = registryTemplates({ repository: `${server.url}/proj/repo/`, credentials });
  return { store, uploads: () => state.uploads, close: () => server.close() };
});

async function openGoogle() {
  const state = registryState();
  const server = await startServer(state.handler, { wants, tls: authority.tls });
  const proxy = await startProxy(server.port);
  const store = registryTemplates({
    repository: google,
    credentials,
    ca: authority.ca,
    env: { HTTPS_PROXY: proxy.url },
    pauses: [1, 1, 1],
  });
  const close = async (): Promise<void> => {
    await proxy.close();
    await server.close();
  };
  return { state, server, store, uploads: () => state.uploads, close };
}

templateContract('Artifact Registry', openGoogle);

describe('the requests to Artifact Registry', () => {
  const asked = ({ requests }: TestServer): string[] =>
    requests.map(({ method, host, path, query }) => `${method} ${withQuery(`${host}${path}`, query)}`);

  it('go to the repository for documents and to the API for the rest', async () => {
    const { server, store, close } = await openGoogle();
    const template = templateOf('hello');
    const { version } = await store.upload(template, { tags: ['one'], description: 'first' });
    await store.tag('hello', 'one', 'two');
    await store.download('hello', 'two');
    const api =
      'artifactregistry.googleapis.com/v1/projects/my-project/locations/us-central1/repositories/templates';
    expect(asked(server)).toEqual([
      `GET ${api}/packages/hello/versions/${version.name}?view=FULL`,
      `GET ${api}/packages/hello/tags`,
      'POST us-central1-kfp.pkg.dev/my-project/templates',
      `GET ${api}/packages/hello/tags/one`,
      `GET ${api}/packages/hello/versions/${version.name}?view=FULL`,
      `GET ${api}/packages/hello/tags/two`,
      `POST ${api}/packages/hello/tags?tagId=two`,
      `GET ${api}/packages/hello/tags/two`,
      `GET ${api}/packages/hello/versions/${version.name}?view=FULL`,
      `GET us-central1-kfp.pkg.dev/my-project/templates/hello/${version.name}`,
    ]);
    expect(server.requests[2]?.body).toEqual({
      kind: 'form',
      fields: { tags: 'one', description: 'first' },
      files: [{ field: 'content', name: 'hello.yaml', text: documentOf('hello') }],
    });
    await store.close();
    await close();
  });

  it('take a refused certificate for what it is', async () => {
    const { store, close, server } = await openGoogle();
    await store.close();
    const proxy = await startProxy(server.port);
    const distrusting = registryTemplates({
      repository: google,
      credentials,
      env: { HTTPS_PROXY: proxy.url },
      pauses: [],
    });
    await expect(distrusting.packages()).rejects.toMatchObject({
      code: 'FER8001',
      fix: expect.stringContaining('--ca'),
    });
    await distrusting.close();
    await proxy.close();
    await close();
  });

  it('send a document again whose connection was lost, on the way there or back', async () => {
    const { server, store, state, close } = await openGoogle();
    const long = { ...templateOf('long'), text: `${templateOf('long').text}\n# ${'x'.repeat(3_000_000)}` };
    const none = { kind: 'answer', status: 404, body: {} } as const;
    server.fail(none, { kind: 'lose-request', after: 100_000 }, { kind: 'lose-answer' });
    expect((await store.upload(long)).kind).toBe('uploaded');
    expect(state.packages.get('long')?.versions.size).toBe(1);
    expect((await store.upload(long)).kind).toBe('unchanged');
    await store.close();
    await close();
  });

  it.each([
    [401, 'FER8002', 'sign in'],
    [403, 'FER8003', 'Artifact Registry Writer'],
    [413, 'FER8006', 'images of the components'],
  ])('name a refused upload (%i) as %s, and send it once', async (status, code, fix) => {
    const { server, store, state, close } = await openGoogle();
    server.fail(
      { kind: 'answer', status: 404, body: {} },
      { kind: 'answer', status, body: { error: { message: 'no' } } },
    );
    await expect(store.upload(templateOf('refused'))).rejects.toMatchObject({
      code,
      fix: expect.stringContaining(fix) as string,
    });
    expect([server.requests.length, state.uploads]).toEqual([2, 0]);
    await store.close();
    await close();
  });

  it('finish a deletion whose answer got lost, and wait for one that goes on', async () => {
    const { server, store, state, close } = await openGoogle();
    const { version } = await store.upload(templateOf('gone'));
    server.fail(
      { kind: 'answer', status: 200, body: { name: `packages/gone/versions/${version.name}` } },
      { kind: 'lose-answer' },
    );
    await store.deleteVersion('gone', version.name);
    expect(state.packages.get('gone')?.versions.size).toBe(0);
    await store.deletePackage('gone');
    expect(server.requests.filter(({ path }) => path.includes('/operations/')).length).toBe(2);
    await store.close();
    await close();
  });

  it('need an address of a KFP repository', () => {
    for (const repository of [
      'us-central1-kfp.pkg.dev/a/b',
      'https://us-central1-docker.pkg.dev/a/b',
      'https://us-central1-kfp.pkg.dev/a',
      'nonsense',
    ])
      expect(() => registryTemplates({ repository, credentials })).toThrowError(
        expect.objectContaining({ code: 'FER8010' }),
      );
  });
});
