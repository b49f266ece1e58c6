import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, kubeconfig } from '../counterparts.ts';
import { attemptOf, keptSink, openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { clusterApis, jobsOf, type ClusterApis } from './kubernetes/cluster.ts';
import { pushStandIn } from './kubernetes/images.ts';

const absent = kubeconfig === undefined || dockerEngine === undefined;

describe.skipIf(absent)('many attempts at a time', { timeout: 240_000 }, () => {
  let bench: ClusterBench;
  let apis: ClusterApis;
  beforeAll(async () => {
    await pushStandIn();
    apis = await clusterApis();
    bench = await openClusterBench({ gracePeriod: 1 });
  }, 120_000);
  afterAll(() => bench.close());

  it('share their watches: three requests an attempt at most, six for all of them', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `${i}`);
    const sinks = names.map(() => keptSink());
    const outcomes = await Promise.all(
      names.map((name, i) =>
        bench.runner.start(
          attemptOf({ script: `echo ${name}`, task: `task-${name}` }),
          sinks[i] ?? keptSink(),
        ),
      ),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(names.map(() => 'sealed'));
    expect(sinks.map(({ lines }) => lines)).toEqual(names.map((name) => [name]));
    expect(bench.runner.requests()).toBeLessThanOrEqual(6 + 3 * names.length);
  });

  it('wait for the quota of their namespace, and say so', async () => {
    const namespace = bench.namespace.name;
    await apis.core.createNamespacedResourceQuota({
      namespace,
      body: { metadata: { name: 'few' }, spec: { hard: { 'requests.cpu': '1' } } },
    });
    const resources = { resourceCpuRequest: '700m' };
    const first = attemptOf({ script: 'echo began; sleep 6', resources, runId: 'quota' });
    const second = attemptOf({ script: 'echo late', resources, runId: 'quota' });
    const sinks = [keptSink(), keptSink()] as const;
    const one = bench.runner.start(first, sinks[0]);
    await sinks[0].until('began');
    const two = bench.runner.start(second, sinks[1]);
    await sinks[1].until("the namespace's quota is used up: few, requested: requests.cpu=700m");
    expect((await one).kind).toBe('sealed');
    expect((await two).kind).toBe('sealed');
    expect(sinks[1].lines).toEqual(['late']);
    await apis.core.deleteNamespacedResourceQuota({ namespace, name: 'few' });
  });

  it('wait where the namespace may hold no more Jobs', async () => {
    const namespace = bench.namespace.name;
    const held = await jobsOf(apis, namespace);
    await apis.core.createNamespacedResourceQuota({
      namespace,
      body: {
        metadata: { name: 'jobs' },
        spec: { hard: { 'count/jobs.batch': `${held.length}` } },
      },
    });
    // The quota counts what is there only after a moment.
    await expect
      .poll(
        async () => (await apis.core.readNamespacedResourceQuota({ namespace, name: 'jobs' })).status?.used,
      )
      .toEqual({ 'count/jobs.batch': `${held.length}` });
    const sink = keptSink();
    const outcome = bench.runner.start(attemptOf({ script: 'true', runId: 'jobs' }), sink);
    await sink.until('the namespace may hold no more Jobs for now');
    await apis.core.deleteNamespacedResourceQuota({ namespace, name: 'jobs' });
    expect((await outcome).kind).toBe('sealed');
  });
});
