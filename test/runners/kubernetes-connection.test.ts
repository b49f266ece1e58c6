import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openAccess } from '../../runners/kubernetes/api/cluster-access.ts';
import { openConnection, type Connection } from '../../runners/kubernetes/api/connection.ts';
import { followAttempt } from '../../runners/kubernetes/attempt/follow-attempt.ts';
import { podSchema } from '../../runners/kubernetes/api/observed.ts';
import { reflect } from '../../runners/kubernetes/api/reflector.ts';
import { watchRun } from '../../runners/kubernetes/attempt/run-view.ts';
import { testCluster } from '../cluster/namespace.ts';
import { dockerEngine, kubeconfig } from '../counterparts.ts';
import { attemptOf, keptSink, openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { clusterApis } from './kubernetes/cluster.ts';
import { pushStandIn } from './kubernetes/images.ts';
import { openProxy, type Proxy } from './kubernetes/proxy.ts';

const absent = kubeconfig === undefined || dockerEngine === undefined;

describe.skipIf(absent)('a bad connection to the API server', { timeout: 90_000 }, () => {
  let bench: ClusterBench;
  let proxy: Proxy;
  let file = '';
  beforeAll(async () => {
    await pushStandIn();
    bench = await openClusterBench({ gracePeriod: 1 });
    const config = await testCluster();
    const cluster = config.getCurrentCluster();
    proxy = await openProxy(new URL(cluster?.server ?? ''));
    file = join(await mkdtemp(join(tmpdir(), 'ferrule-kubeconfig-')), 'config');
    const server = `https://127.0.0.1:${proxy.port}`;
    config.clusters = config.clusters.map((one) => ({ ...one, server }));
    await writeFile(file, config.exportConfig());
  });
  afterAll(async () => {
    proxy.close();
    await bench.close();
  });

  it('that breaks again and again loses no line, and none comes twice', async () => {
    const runner = bench.another({ kubeconfig: file });
    const sink = keptSink();
    const outcome = runner.start(
      attemptOf({ script: 'i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i; sleep 0.02; done' }),
      sink,
    );
    await sink.until('line 5"');
    for (let times = 0; times < 12; times++) {
      proxy.cut();
      await sleep(700);
    }
    expect((await outcome).kind).toBe('sealed');
    expect(sink.lines).toEqual(Array.from({ length: 400 }, (_, i) => `line ${i + 1}`));
    // Pauses grow: twelve cuts of four streams must not become hundreds of requests.
    expect(runner.requests()).toBeLessThan(90);
  });

  it('that stands still in the middle of a log loses no line either', async () => {
    const runner = bench.another({ kubeconfig: file });
    const sink = keptSink();
    const outcome = runner.start(
      attemptOf({ script: 'for i in $(seq 1 20); do echo line $i; sleep 0.3; done' }),
      sink,
    );
    await sink.until('line 3"');
    proxy.freezeNewest();
    const seen = sink.lines.length;
    expect((await outcome).kind).toBe('sealed');
    expect(seen).toBeLessThan(20);
    expect(sink.lines).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 1}`));
  });

  it('that tells that a Job has ended before it tells of the pod loses neither outcome nor log', async () => {
    const attempt = attemptOf({ script: 'echo one; echo two; exit 5' });
    await bench.runner.start(attempt, keptSink());
    const namespace = bench.namespace.name;
    const real = openConnection(await openAccess({ kubeconfig: kubeconfig ?? '', namespace }));
    const connection: Connection = {
      ...real,
      async call(request, signal) {
        if (request.what === 'list pods' && request.query?.['limit'] !== undefined) await sleep(3000);
        return real.call(request, signal);
      },
    };
    await expect
      .poll(async () => JSON.stringify(await jobOf(real, attempt.name)), { timeout: 10_000 })
      .toContain('"Failed"');
    const view = watchRun(connection, attempt.runId);
    const sink = keptSink();
    const limits = { setup: 60_000 };
    expect(
      await followAttempt({ connection, view, attempt, sink, limits, leaveLimit: 60_000 }),
    ).toMatchObject({
      kind: 'failed',
      failure: { problem: 'the container ended with exit code 5: two' },
    });
    expect(sink.lines).toEqual(['one', 'two']);
    view.close();
    real.close();
  });

  it('that tells of the end of a pod before it tells that its Job is suspended ends no attempt', async () => {
    const attempt = attemptOf({ script: 'echo began; sleep 8; echo ended' });
    const namespace = bench.namespace.name;
    const started = bench.runner.start(attempt, keptSink());
    const { batch } = await clusterApis();
    const real = openConnection(await openAccess({ kubeconfig: kubeconfig ?? '', namespace }));
    const late = new Set<NodeJS.Timeout>();
    const connection: Connection = {
      ...real,
      lines: (request, onLine, ...more) =>
        real.lines(
          request,
          (line) => {
            if (request.what === 'watch jobs') late.add(setTimeout(() => onLine(line), 9000));
            else onLine(line);
          },
          ...more,
        ),
    };
    const suspend = (value: boolean): Promise<unknown> =>
      batch.patchNamespacedJob({
        namespace,
        name: attempt.name,
        body: [{ op: 'replace', path: '/spec/suspend', value }],
      });
    await expect
      .poll(() => jobOf(real, attempt.name).catch(() => undefined), { timeout: 10_000 })
      .toBeDefined();
    const view = watchRun(connection, attempt.runId);
    const sink = keptSink();
    const limits = { setup: 60_000 };
    const outcome = followAttempt({ connection, view, attempt, sink, limits, leaveLimit: 60_000 });
    await sink.until('began');
    await suspend(true);
    await sink.until('until its queue lets it start');
    await suspend(false);
    expect(await outcome).toMatchObject({ kind: 'sealed' });
    await started;
    for (const timer of late) clearTimeout(timer);
    view.close();
    real.close();
  });

  it('lists anew where the server has forgotten what was seen last', async () => {
    const real = openConnection(await openAccess({ kubeconfig: kubeconfig ?? '' }));
    let lists = 0;
    // The first list pretends to be as old as the cluster.
    const connection: Connection = {
      ...real,
      async call(request, signal) {
        const answer = await real.call(request, signal);
        lists += 1;
        if (lists > 1) return answer;
        return { ...z.looseObject({}).parse(answer), metadata: { resourceVersion: '1' } };
      },
    };
    const end = new AbortController();
    const replaced: number[] = [];
    const troubles: unknown[] = [];
    const reflecting = reflect(
      connection,
      {
        resource: 'pods',
        path: '/api/v1/namespaces/default/pods',
        query: {},
        schema: podSchema,
        replace: (pods) => void replaced.push(pods.length),
        change: () => undefined,
        trouble: (error) => void troubles.push(error),
      },
      end.signal,
    );
    await expect.poll(() => replaced.length, { timeout: 10_000 }).toBe(2);
    // And goes on from there: no third list, no more trouble.
    await sleep(1500);
    expect(replaced).toHaveLength(2);
    expect(troubles.at(-1)).toBeUndefined();
    end.abort();
    await reflecting;
    connection.close();
  });
});

function jobOf(connection: Connection, name: string): Promise<unknown> {
  return connection.call({
    what: 'get jobs',
    path: `/apis/batch/v1/namespaces/${connection.namespace}/jobs/${name}`,
  });
}
