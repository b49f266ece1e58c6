import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { released } from '../../engine/ports.ts';
import { kubernetesRunner, manifests } from '../../runners/kubernetes/index.ts';
import { testCluster } from '../cluster/namespace.ts';
import { dockerEngine, kubeconfig } from '../counterparts.ts';
import { attemptOf, keptSink, openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { clusterApis, jobsOf, type ClusterApis } from './kubernetes/cluster.ts';
import { pushStandIn } from './kubernetes/images.ts';
import { kubeconfigWith } from './kubernetes/kubeconfig.ts';

const absent = kubeconfig === undefined || dockerEngine === undefined;

describe('a cluster that cannot be used', () => {
  const start = async (options: Parameters<typeof kubernetesRunner>[0]): Promise<unknown> => {
    const runner = kubernetesRunner(options);
    const outcome = await runner.start(attemptOf({ image: 'x' }), keptSink());
    await runner.close();
    return outcome;
  };

  it('is told when the kubeconfig is not there', async () => {
    expect(await start({ root: 'gs://b', kubeconfig: '/no/such/file' })).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6040', problem: expect.stringContaining('the kubeconfig cannot be read') },
    });
  });

  it.skipIf(absent)('is told when the context is not there, with those that are', async () => {
    expect(await start({ root: 'gs://b', kubeconfig: kubeconfig ?? '', context: 'elsewhere' })).toMatchObject(
      {
        failure: {
          code: 'FER6040',
          problem: 'the kubeconfig has no context elsewhere',
          fix: expect.stringMatching(/^it has /),
        },
      },
    );
  });

  it.skipIf(absent)('is told when the credentials are wrong', async () => {
    const file = await kubeconfigWith({ token: 'wrong' });
    expect(await start({ root: 'gs://b', kubeconfig: file })).toMatchObject({
      failure: {
        code: 'FER6042',
        kind: 'user',
        problem: expect.stringContaining('does not accept these credentials'),
        retryable: false,
      },
    });
  });

  it.skipIf(absent)(
    'is told when nothing answers there, after some seconds',
    async () => {
      const file = await kubeconfigWith({ server: 'https://127.0.0.1:1' });
      expect(await start({ root: 'gs://b', kubeconfig: file })).toMatchObject({
        failure: {
          code: 'FER6041',
          kind: 'infrastructure',
          problem: expect.stringContaining('ECONNREFUSED'),
        },
      });
    },
    20_000,
  );

  it.skipIf(absent)('is told when the namespace does not exist', async () => {
    expect(
      await start({ root: 'gs://b', kubeconfig: kubeconfig ?? '', namespace: 'no-such-namespace' }),
    ).toMatchObject({
      failure: {
        code: 'FER6045',
        fix: expect.stringContaining('kubectl create namespace no-such-namespace'),
      },
    });
  });
});

describe.skipIf(absent)('the role that the manifests give', { timeout: 60_000 }, () => {
  let bench: ClusterBench;
  let apis: ClusterApis;
  let token = '';

  beforeAll(async () => {
    await pushStandIn();
    apis = await clusterApis();
    bench = await openClusterBench({ gracePeriod: 1 });
    const namespace = bench.namespace.name;
    const objects = KubernetesObjectApi.makeApiClient(await testCluster());
    for (const document of parseAllDocuments(manifests({ namespace }))) {
      const object = document.toJS() as { kind: string; apiVersion: string; metadata: { name: string } };
      if (object.kind !== 'Namespace') await objects.create(object);
    }
    const answer = await apis.core.createNamespacedServiceAccountToken({
      namespace,
      name: 'ferrule-driver',
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    token = answer.status?.token ?? '';
  }, 120_000);
  afterAll(() => bench.close());

  it('is enough to run, follow, adopt, cancel and sweep', async () => {
    const runner = bench.another({ kubeconfig: await kubeconfigWith({ token }) });
    await runner.check();
    const sink = keptSink();
    expect(await runner.start(attemptOf({ script: 'echo hello' }), sink)).toMatchObject({ kind: 'sealed' });
    expect(sink.lines).toEqual(['hello']);
    const claim = { access_modes: ['ReadWriteOnce'], size: '1Mi', pvc_name_suffix: '-data' };
    const making = attemptOf({ image: 'argostub/createpvc', ours: false, parameters: claim });
    const made = { kind: 'succeeded', output: { parameterValues: { name: `${making.name}-data` } } };
    expect(await runner.start(making, keptSink())).toEqual(made);
    expect(await runner.start(making, keptSink())).toEqual(made);
    const taken = { ...claim, pvc_name_suffix: null, pvc_name: `${making.name}-data` };
    const other = attemptOf({ image: 'argostub/createpvc', ours: false, parameters: taken, task: 'other' });
    expect(await runner.start(other, keptSink())).toMatchObject({
      failure: { code: 'FER6058', problem: expect.stringContaining('exists already') },
    });
    const deleting = attemptOf({
      image: 'argostub/deletepvc',
      ours: false,
      parameters: { pvc_name: `${making.name}-data` },
    });
    expect(await runner.start(deleting, keptSink())).toEqual({ kind: 'succeeded', output: {} });
    const cancel = new AbortController();
    const waits = keptSink();
    const outcome = runner.start(
      attemptOf({ script: 'true', resources: { resourceCpuRequest: '1000' }, signal: cancel.signal }),
      waits,
    );
    await waits.until('too little free cpu');
    cancel.abort();
    expect(await outcome).toEqual({ kind: 'cancelled' });
    const letGo = new AbortController();
    const left = attemptOf({ script: 'sleep 1000', runId: 'left', signal: letGo.signal });
    const leaving = runner.start(left, keptSink());
    await expect.poll(() => jobsOf(apis, bench.namespace.name)).toContain(left.name);
    expect(await runner.adopt(left, keptSink())).toMatchObject({ kind: 'running' });
    letGo.abort(released);
    expect(await leaving).toEqual({ kind: 'cancelled' });
    expect(await runner.sweep('left')).toEqual([left.name]);
  });

  it('is asked for by name where it is missing', async () => {
    const namespace = bench.namespace.name;
    const answer = await apis.core.createNamespacedServiceAccountToken({
      namespace,
      name: 'default',
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    const runner = bench.another({ kubeconfig: await kubeconfigWith({ token: answer.status?.token ?? '' }) });
    await expect(runner.check()).rejects.toMatchObject({
      code: 'FER6043',
      problem: expect.stringContaining(`does not allow to create jobs in the namespace ${namespace}`),
      fix: expect.stringContaining('ferrule cluster manifests'),
    });
    expect(await runner.start(attemptOf({ script: 'true' }), keptSink())).toMatchObject({
      failure: { code: 'FER6043' },
    });
  });
});
