/** The requests of Python's clients and of ours, field by field, against the same servers. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repositoryAddresses } from '../../remotes/artifact-registry/addresses.ts';
import { registryApi } from '../../remotes/artifact-registry/registry-api.ts';
import { bearerToken } from '../../remotes/credentials/credentials.ts';
import { googleCredentials } from '../../remotes/credentials/google.ts';
import { httpClient, type HttpOptions } from '../../remotes/http/http-client.ts';
import { jobOf } from '../../remotes/kfp/job.ts';
import { vertexRuns } from '../../remotes/vertex/run-service.ts';
import { vertexSchedules } from '../../remotes/vertex/schedules.ts';
import { vertexHttp } from '../../remotes/vertex/vertex-http.ts';
import { digestOf } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { kfpPython, vertexPython } from '../counterparts.ts';
import { makeAuthority, startProxy } from './servers/google-names.ts';
import { kfpState } from './servers/kfp-server.ts';
import { kfpSteps } from './kfp-steps.ts';
import type { Recorded } from './servers/recorded.ts';
import { registryState } from './servers/registry-server.ts';
import { startServer, type Handler } from './servers/test-server.ts';
import { vertexState } from './servers/vertex-server.ts';
import { differences, essence, mark, runPython, stepsOf, withSteps } from './steps.ts';
import { documentOf, platform, templateOf } from './templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferrule-counterparts-'));
const authority = makeAuthority();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  authority.remove();
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const service = { name: 'the registry', permission: '', address: '' };

/** A server under Google's names: our client gets to it by a proxy, and so does Python's. */
async function googleServer(handler: Handler) {
  const server = await startServer(withSteps(handler), { tls: authority.tls });
  const proxy = await startProxy(server.port);
  const env = {
    HTTPS_PROXY: proxy.url,
    https_proxy: proxy.url,
    REQUESTS_CA_BUNDLE: authority.ca,
    SSL_CERT_FILE: authority.ca,
    NO_PROXY: '127.0.0.1',
  };
  const close = async (): Promise<void> => {
    await proxy.close();
    await server.close();
  };
  return { server, env, record: `https://127.0.0.1:${server.port}`, close };
}

describe.skipIf(kfpPython === undefined)("KFP's RegistryClient", () => {
  const steps = async (api: ReturnType<typeof registryApi>, step: (name: string) => void): Promise<void> => {
    const [first, second] = [documentOf('greet'), documentOf('greet', 'other')];
    const [version, other] = [digestOf(first), digestOf(second)];
    step('upload');
    await api.upload({ name: 'greet.yaml', text: first }, { tags: 'one,latest' });
    step('upload-again');
    await api.upload({ name: 'other.yaml', text: second }, {});
    step('list-packages');
    await api.packages();
    step('get-package');
    await api.package('greet');
    step('list-versions');
    await api.versions('greet');
    step('get-version');
    await api.versionIfAny('greet', version);
    step('create-tag');
    await api.createTag('greet', version, 'stable');
    step('get-tag');
    await api.tagIfAny('greet', 'stable');
    step('update-tag');
    await api.moveTag('greet', other, 'stable');
    step('list-tags');
    await api.tags('greet');
    step('download-version');
    await api.download('greet', version);
    step('download-tag');
    await api.download('greet', 'stable');
    step('delete-tag');
    await api.deleteTag('greet', 'stable');
    step('delete-version');
    await api.deleteVersion('greet', other, false);
    step('delete-package');
    await api.deletePackage('greet');
  };
  const documents = (): string[] => [
    file('greet.yaml', documentOf('greet')),
    file('other.yaml', documentOf('greet', 'other')),
  ];
  const ours = (repository: string, more: Partial<HttpOptions>) => {
    const client = httpClient({ service, credentials: bearerToken('a-token', ''), ...more });
    return registryApi(client, repositoryAddresses(repository));
  };

  it('asks Artifact Registry for the same as our client', async () => {
    const repository = 'https://us-central1-kfp.pkg.dev/my-project/templates';
    const own = await googleServer(registryState().handler);
    await steps(ours(repository, { ca: authority.ca, env: own.env }), (name) => mark(own.server, name));
    const theirs = await googleServer(registryState().handler);
    await runPython(kfpPython ?? '', 'registry.py', [repository, theirs.record, ...documents()], theirs.env);
    expect(differences(stepsOf(own.server, essence), stepsOf(theirs.server, essence))).toEqual([]);
    await own.close();
    await theirs.close();
  });

  it('asks another registry for the same as our client', async () => {
    const own = await startServer(withSteps(registryState().handler));
    await steps(ours(`${own.url}/proj/repo`, {}), (name) => mark(own, name));
    const theirs = await startServer(withSteps(registryState().handler));
    await runPython(kfpPython ?? '', 'registry.py', [`${theirs.url}/proj/repo`, theirs.url, ...documents()]);
    expect(differences(stepsOf(own, essence), stepsOf(theirs, essence))).toEqual([]);
    await own.close();
    await theirs.close();
  });
});

describe.skipIf(kfpPython === undefined)("KFP's Client", () => {
  it('sends the same specs as our client', async () => {
    const root = join(import.meta.dirname, '..', '..');
    const places = ['test/engine/specs', 'test/twins', 'examples/python'];
    const files = places.flatMap((place) =>
      readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => join(root, place, name))
        .filter((name) => /^schemaVersion/m.test(readFileSync(name, 'utf8'))),
    );
    expect(files.length).toBeGreaterThan(10);
    const specs = JSON.parse(await runPython(kfpPython ?? '', 'documents.py', files)) as Record<
      string,
      unknown
    >;
    for (const name of files) {
      const compiled = readPipelineDocument(readFileSync(name, 'utf8'), name);
      expect(jobOf({ compiled, parameters: {} })['pipeline_spec'], name).toEqual(specs[name]);
    }
  });

  it('asks KFP for the same as our client', async () => {
    const first = templateOf('greet', 'hello', platform);
    const second = templateOf('greet', 'twice');
    const own = await startServer(withSteps(kfpState().handler));
    await kfpSteps(own, { first, second, root: 'gs://bucket/root' });
    const theirs = await startServer(withSteps(kfpState().handler));
    await runPython(kfpPython ?? '', 'kfp_client.py', [
      theirs.url,
      file('one.yaml', first.text),
      file('two.yaml', second.text),
      'gs://bucket/root',
    ]);
    expect(differences(stepsOf(own, essence), stepsOf(theirs, essence))).toEqual([]);
    await own.close();
    await theirs.close();
  });
});

/**
 * What the SDK of Vertex AI writes in another way that means the same: enums by number, and how answers are to be written. It sorts
 * what it lists by itself, and takes pages as they come; and it sends all of what it changes, where the mask says what counts.
 */
function ofVertex(request: Recorded): unknown {
  if (!/aiplatform/.test(request.host) || request.path.includes('/operations/')) return undefined;
  const {
    $alt: _alt,
    orderBy: _orderBy,
    pageSize: _pageSize,
    ...query
  } = essence(request)['query'] as Record<string, string>;
  return { ...essence(request), query, host: request.host.replace(/:443$/, ''), body: plainBody(request) };
}

function plainBody({ body, query }: Recorded): unknown {
  if (body.kind !== 'json') return 'none';
  const mask = query['updateMask']?.split(',');
  const fields = Object.entries(body.value as object).filter(([name]) => mask?.includes(name) ?? true);
  const text = JSON.stringify(Object.fromEntries(fields), (key, value: unknown) => {
    if (key === 'failurePolicy') return value === 'PIPELINE_FAILURE_POLICY_FAIL_FAST' ? 2 : value;
    return key === 'state' && typeof value === 'number' ? undefined : value;
  });
  return text === '{}' ? 'none' : JSON.parse(text);
}

describe.skipIf(vertexPython === undefined)("Vertex AI's SDK", () => {
  const document = documentOf('greet').replace(
    '      text:\n        parameterType: STRING\nschemaVersion',
    '      deep:\n        isOptional: true\n        parameterType: STRUCT\n      items:\n        isOptional: true\n        parameterType: LIST\n      text:\n        parameterType: STRING\nschemaVersion',
  );
  const template = 'https://us-central1-kfp.pkg.dev/my-project/templates/greet/latest';

  it('asks Vertex AI for the same as our client', async () => {
    const both = async () => {
      const [vertex, registry] = [vertexState(), registryState()];
      const google = await googleServer((request) => vertex.handler(request) ?? registry.handler(request));
      const api = registryApi(
        httpClient({ service, credentials: bearerToken('a-token', ''), ca: authority.ca, env: google.env }),
        repositoryAddresses('https://us-central1-kfp.pkg.dev/my-project/templates'),
      );
      await api.upload({ name: 'greet.yaml', text: document }, { tags: 'latest' });
      return google;
    };
    const compiled = readPipelineDocument(document, 'greet.yaml');
    const own = await both();
    const credentials = googleCredentials({
      CLOUDSDK_AUTH_ACCESS_TOKEN: 'a-token',
      GOOGLE_CLOUD_PROJECT: 'my-project',
    });
    const http = vertexHttp({ region: 'us-central1', credentials, ca: authority.ca, env: own.env });
    const network = 'projects/1/global/networks/net';
    const encryptionKey = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
    const staging = { stagingBucket: 'gs://staging' };
    const settings = {
      ...staging,
      encryptionKey,
      failurePolicy: 'fast',
      reservedIpRanges: ['range'],
    } as const;
    const runs = vertexRuns(http, { ...settings, network });
    const schedules = vertexSchedules(http, settings);
    const step = (name: string): void => mark(own.server, name);
    const parameters = { text: 'hi', count: 3, items: [1, 'a', null], deep: { a: { b: true } } };
    const serviceAccount = 'sa@p.iam.gserviceaccount.com';
    const run = { compiled, parameters, caching: false, serviceAccount, labels: { team: 'vision' } };
    step('create');
    await runs.create({ ...run, name: 'a run', id: 'greet-1' });
    step('create-of-template');
    await vertexRuns(http, staging).create({
      compiled,
      name: 'another',
      id: 'greet-2',
      pipelineRoot: 'gs://other/root',
      parameters: { text: 'hi' },
      template: { uri: template },
    });
    step('get');
    await runs.get('greet-1');
    step('list');
    await runs.list({ filter: 'display_name="a run"' });
    step('cancel');
    await runs.cancel('greet-2');
    step('delete');
    await runs.delete('greet-2');
    step('schedule');
    const schedule = await schedules.create({
      name: 'nightly',
      cron: '0 6 * * *',
      timeZone: 'Europe/Berlin',
      startAt: '2026-02-01T00:00:00Z',
      queueing: true,
      maxRuns: 5,
      maxConcurrent: 2,
      run,
    });
    step('update');
    await schedules.update(schedule.id, { name: 'daily', cron: '0 7 * * *', maxConcurrent: 3 });
    step('pause');
    await schedules.pause(schedule.id);
    step('resume');
    await schedules.resume(schedule.id);
    step('runs-of-schedule');
    await schedules.runs(schedule.id);
    step('list-schedules');
    await schedules.list({ filter: 'display_name="daily"' });
    step('delete-schedule');
    await schedules.delete(schedule.id);

    const theirs = await both();
    await runPython(
      vertexPython ?? '',
      'vertex.py',
      [theirs.record, file('greet.yaml', document), template],
      theirs.env,
    );
    expect(differences(stepsOf(own.server, ofVertex), stepsOf(theirs.server, ofVertex))).toEqual([]);
    await http.close();
    await own.close();
    await theirs.close();
  });
});
