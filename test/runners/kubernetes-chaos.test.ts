import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isOurs,
  loseNode,
  restartApiServer,
  returnNode,
  startApiServer,
  stopApiServer,
} from '../cluster/control.ts';
import { dockerEngine, kubeconfig } from '../counterparts.ts';
import { attemptOf, keptSink, openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { clusterApis, podsOf, type ClusterApis } from './kubernetes/cluster.ts';
import { pushStandIn } from './kubernetes/images.ts';

const absent = kubeconfig === undefined || dockerEngine === undefined || !isOurs();
const count = 'i=0; while [ $i -lt 120 ]; do i=$((i+1)); echo line $i; sleep 0.1; done';
const counted = Array.from({ length: 120 }, (_, i) => `line ${i + 1}`);

describe.skipIf(absent)('an attempt in a cluster in trouble', { timeout: 180_000 }, () => {
  let bench: ClusterBench;
  let apis: ClusterApis;
  beforeAll(async () => {
    await pushStandIn();
    apis = await clusterApis();
    bench = await openClusterBench({ gracePeriod: 1 });
  }, 120_000);
  afterAll(() => bench.close());

  it('outlives an API server that dies and comes back, with every line once', async () => {
    const sink = keptSink();
    const attempt = attemptOf({ script: count });
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('line 20');
    await restartApiServer();
    await sink.until('line 60');
    await restartApiServer();
    expect(await outcome).toMatchObject({ kind: 'sealed' });
    expect(sink.lines).toEqual(counted);
    expect(await podsOf(apis, bench.namespace.name, attempt.name)).toHaveLength(1);
  });

  it('is told with its whole log when it ended while the API server was away', async () => {
    const sink = keptSink();
    const before = bench.runner.requests();
    const outcome = bench.runner.start(attemptOf({ script: `${count}; exit 5` }), sink);
    await sink.until('line 20');
    await stopApiServer();
    await sleep(20_000);
    await startApiServer();
    expect(await outcome).toMatchObject({
      kind: 'failed',
      failure: { problem: 'the container ended with exit code 5: line 120' },
    });
    expect(sink.lines).toEqual(counted);
    expect(sink.told).toContainEqual({
      kind: 'waiting',
      reason: expect.stringContaining('the API server of the cluster does not answer'),
    });
    expect(bench.runner.requests() - before).toBeLessThan(120);
  });

  it('is started by a request that was made while the API server was away', async () => {
    await stopApiServer();
    const sink = keptSink();
    const outcome = bench.runner.start(attemptOf({ script: 'echo late' }), sink);
    await sleep(3000);
    await startApiServer();
    expect(await outcome).toMatchObject({ kind: 'sealed' });
    expect(sink.lines).toEqual(['late']);
  });

  it('is lost when its node does not come back', async () => {
    const sink = keptSink();
    const attempt = attemptOf({
      script: 'echo began; exec sleep 1000',
      kubernetes: { nodeSelector: { labels: { 'ferrule.test/pool': 'gpu' } } },
    });
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('began');
    try {
      await loseNode('ferrule-gpu');
      expect(await outcome).toEqual({
        kind: 'lost',
        reason: expect.stringMatching(/^its node went away or was closed to it/),
      });
    } finally {
      await returnNode('ferrule-gpu');
    }
  });
});
