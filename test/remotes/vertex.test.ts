import { afterAll, describe, expect, it } from 'vitest';
import { googleCredentials } from '../../remotes/credentials/google.ts';
import type { VertexSettings } from '../../remotes/vertex/job-request.ts';
import { vertexRuns } from '../../remotes/vertex/run-service.ts';
import { vertexSchedules } from '../../remotes/vertex/schedules.ts';
import { vertexHttp } from '../../remotes/vertex/vertex-http.ts';
import { runContract } from './run-contract.ts';
import { scheduleContract } from './schedule-contract.ts';
import { makeAuthority, startProxy } from './servers/google-names.ts';
import { startServer } from './servers/test-server.ts';
import { vertexState } from './servers/vertex-server.ts';
import { platform, templateOf } from './templates.ts';

const authority = makeAuthority();
afterAll(() => authority.remove());

async function open(settings: VertexSettings = { stagingBucket: 'gs://staging' }) {
  const state = vertexState();
  const server = await startServer(state.handler, {
    tls: authority.tls,
    wants: { header: 'authorization', value: () => 'Bearer a-token' },
  });
  const proxy = await startProxy(server.port);
  const credentials = googleCredentials({
    CLOUDSDK_AUTH_ACCESS_TOKEN: 'a-token',
    GOOGLE_CLOUD_PROJECT: 'my-project',
  });
  const http = vertexHttp({
    region: 'us-central1',
    credentials,
    ca: authority.ca,
    env: { HTTPS_PROXY: proxy.url },
    pauses: [1, 1, 1],
  });
  const close = async (): Promise<void> => {
    await http.close();
    await proxy.close();
    await server.close();
  };
  return {
    state,
    server,
    runs: vertexRuns(http, settings),
    schedules: vertexSchedules(http, settings),
    close,
  };
}

runContract('Vertex AI', () => open());
scheduleContract('Vertex AI', () => open());

describe('Vertex AI', () => {
  const { compiled } = templateOf('greet', 'hello', platform);
  const parameters = { text: 'hello', count: 3 };

  it('is sent all that a job may have', async () => {
    const { runs, server, close } = await open({
      stagingBucket: 'gs://staging',
      network: 'projects/1/global/networks/net',
      reservedIpRanges: ['range'],
      encryptionKey: 'projects/p/locations/l/keyRings/r/cryptoKeys/k',
      failurePolicy: 'fast',
    });
    const uri = 'https://us-central1-kfp.pkg.dev/my-project/templates/greet/latest';
    await runs.create({
      compiled,
      parameters,
      name: 'run',
      caching: false,
      serviceAccount: 'sa@p.iam.gserviceaccount.com',
      labels: { team: 'vision' },
      template: { uri },
    });
    const request = server.requests.at(-1);
    expect(request?.host).toBe('us-central1-aiplatform.googleapis.com');
    expect(request?.path).toBe('/v1/projects/my-project/locations/us-central1/pipelineJobs');
    expect(request?.query['pipelineJobId']).toMatch(/^greet-\d{14}-[\da-f]{4}$/);
    expect(request?.body).toEqual({
      kind: 'json',
      value: {
        displayName: 'run',
        pipelineSpec: {
          ...compiled.spec,
          root: expect.objectContaining({
            dag: { tasks: { say: expect.objectContaining({ cachingOptions: { enableCache: false } }) } },
          }),
        },
        labels: { team: 'vision' },
        runtimeConfig: {
          gcsOutputDirectory: 'gs://staging',
          parameterValues: parameters,
          failurePolicy: 'PIPELINE_FAILURE_POLICY_FAIL_FAST',
        },
        encryptionSpec: { kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' },
        serviceAccount: 'sa@p.iam.gserviceaccount.com',
        network: 'projects/1/global/networks/net',
        reservedIpRanges: ['range'],
        templateUri: uri,
      },
    });
    await close();
  });

  it('starts one job though the answer got lost', async () => {
    const { runs, server, state, close } = await open();
    server.fail({ kind: 'lose-answer' });
    const run = await runs.create({ compiled, parameters });
    expect(state.jobs.size).toBe(1);
    expect([...state.jobs.keys()]).toEqual([run.id]);
    const again = runs.create({ compiled, parameters, id: run.id });
    await expect(again).rejects.toMatchObject({ code: 'FER8005' });
    await close();
  });

  it('says what a request lacks before anything is sent', async () => {
    const { runs, server, close } = await open({});
    const wrong = [
      {},
      { pipelineRoot: 's3://bucket' },
      { pipelineRoot: 'gs://b', labels: { Team: 'x' } },
      { pipelineRoot: 'gs://b', experiment: 'e' },
    ];
    for (const more of wrong)
      await expect(runs.create({ compiled, parameters, ...more })).rejects.toMatchObject({ code: 'FER8014' });
    expect(server.requests).toEqual([]);
    await close();
  });

  it('changes schedules, keeps time zones, and makes up for missed runs when it is asked to', async () => {
    const { schedules, server, close } = await open();
    const run = { compiled, parameters };
    const { id } = await schedules.create({
      name: 'nightly',
      cron: '0 6 * * *',
      timeZone: 'Europe/Berlin',
      maxRuns: 5,
      queueing: true,
      run,
    });
    expect(server.requests.at(-1)?.body).toMatchObject({
      value: {
        cron: 'TZ=Europe/Berlin 0 6 * * *',
        maxRunCount: '5',
        maxConcurrentRunCount: '1',
        allowQueueing: true,
        createPipelineJobRequest: { parent: 'projects/my-project/locations/us-central1' },
      },
    });
    const changed = await schedules.update(id, { name: 'daily', cron: '0 7 * * *', maxConcurrent: 2 });
    expect(changed).toMatchObject({ name: 'daily', cron: '0 7 * * *', maxConcurrent: 2 });
    expect(server.requests.at(-1)?.query).toEqual({ updateMask: 'displayName,cron,maxConcurrentRunCount' });
    await schedules.pause(id);
    await schedules.resume(id, true);
    expect(server.requests.at(-1)?.body).toEqual({ kind: 'json', value: { catchUp: true } });
    for (const wrong of [{ interval: 5 }, { cron: '* * * * *', catchUp: true }])
      await expect(schedules.create({ name: 'x', run, ...wrong })).rejects.toMatchObject({ code: 'FER8014' });
    await close();
  });

  it('needs a region, and a project', async () => {
    const credentials = googleCredentials({ CLOUDSDK_AUTH_ACCESS_TOKEN: 'a-token' });
    expect(() => vertexHttp({ region: 'US Central', credentials })).toThrowError(
      expect.objectContaining({ code: 'FER8010' }),
    );
    expect(() => vertexHttp({ region: 'us-central1', endpoint: 'http://', credentials })).toThrowError(
      expect.objectContaining({ code: 'FER8010' }),
    );
    await expect(
      vertexRuns(vertexHttp({ region: 'us-central1', credentials })).get('x'),
    ).rejects.toMatchObject({ code: 'FER8010' });
  });
});
