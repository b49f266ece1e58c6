import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { released } from '../../engine/ports.ts';
import { dockerEngine, kubeconfig } from '../counterparts.ts';
import { attemptOf, keptSink, openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { clusterApis, jobsOf, podsOf, type ClusterApis } from './kubernetes/cluster.ts';
import { pushStandIn, standInImage } from './kubernetes/images.ts';

const isSealed = { kind: 'sealed', image: expect.stringMatching(/ferrule-test\/stand-in@sha256:/) };
const absent = kubeconfig === undefined || dockerEngine === undefined;

describe.skipIf(absent)('an attempt on a cluster', { concurrent: true, timeout: 120_000 }, () => {
  let bench: ClusterBench;
  let apis: ClusterApis;
  beforeAll(async () => {
    await pushStandIn();
    apis = await clusterApis();
    bench = await openClusterBench({ setupTimeout: 6, gracePeriod: 1 });
  }, 120_000);
  afterAll(() => bench.close());

  it('succeeds when its container does, and brings every line in order', async () => {
    const sink = keptSink();
    const outcome = await bench.runner.start(
      attemptOf({ script: 'for i in $(seq 1 5000); do echo line $i; done; printf end' }),
      sink,
    );
    expect(outcome).toEqual(isSealed);
    expect(sink.lines).toEqual([...Array.from({ length: 5000 }, (_, i) => `line ${i + 1}`), 'end']);
    expect(sink.told.at(-1)).toEqual({ kind: 'running', on: expect.stringMatching(/^ferrule-/) });
  });

  it('brings lines as they were printed: long, empty, indented, with carriage returns and from both streams', async () => {
    const sink = keptSink();
    const script = `head -c 100000 /dev/zero | tr '\\0' x; echo; echo; echo '  indented'; printf '10%%\\r20%%\\r\\n'; echo 'grün ✓'; sleep 0.3; echo to stderr >&2`;
    await bench.runner.start(attemptOf({ script }), sink);
    expect(sink.lines).toEqual(['x'.repeat(100_000), '', '  indented', '10%\r20%', 'grün ✓', 'to stderr']);
  });

  it('fails with the exit code and the last words of its container', async () => {
    const outcome = await bench.runner.start(
      attemptOf({ script: 'exec 1>&2; echo first; echo the reason; exit 3' }),
      keptSink(),
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FER6052',
        kind: 'user',
        problem: 'the container ended with exit code 3: the reason',
        stack: 'first\nthe reason',
        retryable: true,
      },
    });
  });

  it('is sealed where the launcher has written a failure', async () => {
    const script = `echo '{"code":"FER6001","problem":"thrown"}' > /dev/termination-log; exit 1`;
    expect(await bench.runner.start(attemptOf({ script }), keptSink())).toEqual(isSealed);
  });

  it('ends at the last line of the launcher, which is not passed on', async () => {
    const sink = keptSink();
    const script = 'echo before; printf last; echo ferrule-ended runs/run-1/tasks/a-task/1 0; sleep 20';
    const began = performance.now();
    expect(await bench.runner.start(attemptOf({ script }), sink)).toEqual(isSealed);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(sink.lines).toEqual(['before', 'last']);
  });

  it('says that memory ran out, and what the limit was', async () => {
    const outcome = await bench.runner.start(
      attemptOf({
        script: 'echo start; head -c 300m /dev/zero | tail',
        resources: { resourceMemoryLimit: '32Mi' },
      }),
      keptSink(),
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FER6010',
        problem: 'the component ran out of memory: it used more than its limit of 32Mi',
      },
    });
  });

  it('says that a program does not exist', async () => {
    const outcome = await bench.runner.start(
      attemptOf({ command: ['no-such-program'], ours: false }),
      keptSink(),
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6053', problem: expect.stringContaining('no-such-program') },
    });
  });

  it('says that an image of ours has no launcher', async () => {
    const image = process.env['FERRULE_TEST_NODE_IMAGE'] ?? '';
    expect(await bench.runner.start(attemptOf({ image, script: 'true' }), keptSink())).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FER6053',
        problem: "the container could not be started: it does not have Ferrule's launcher",
        fix: expect.stringContaining('ferrule build'),
        retryable: false,
      },
    });
  });

  it('times out, with its log', async () => {
    const sink = keptSink();
    const outcome = await bench.runner.start(
      attemptOf({ script: 'echo began; sleep 100', timeoutSeconds: 3 }),
      sink,
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6011', problem: 'the task took longer than its timeout of 3 s' },
    });
    expect(sink.lines).toEqual(['began']);
  });

  it('is cancelled: its pods are gone when that is told', async () => {
    const cancel = new AbortController();
    const attempt = attemptOf({ script: 'echo began; exec sleep 1000', signal: cancel.signal });
    const sink = keptSink();
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('began');
    cancel.abort();
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(await podsOf(apis, bench.namespace.name, attempt.name)).toEqual([]);
    expect(await jobsOf(apis, bench.namespace.name)).not.toContain(attempt.name);
  });

  it('is started once, however often it is asked for', async () => {
    const attempt = attemptOf({ script: 'echo here; sleep 2' });
    const other = bench.another();
    const sinks = [keptSink(), keptSink()] as const;
    const outcomes = await Promise.all([
      bench.runner.start(attempt, sinks[0]),
      other.start(attempt, sinks[1]),
    ]);
    expect(outcomes).toEqual([isSealed, isSealed]);
    expect(sinks.map(({ lines }) => lines)).toEqual([['here'], ['here']]);
    expect(await podsOf(apis, bench.namespace.name, attempt.name)).toHaveLength(1);
  });

  it('goes on when its driver lets go, and is found by the next', async () => {
    const letGo = new AbortController();
    const draft = { name: 'released-attempt', script: 'echo one; echo two; sleep 5; echo three' };
    const first = keptSink();
    const outcome = bench.runner.start(attemptOf({ ...draft, signal: letGo.signal }), first);
    await first.until('two');
    letGo.abort(released);
    expect(await outcome).toEqual({ kind: 'cancelled' });
    const second = keptSink(first.lines.length);
    const adoption = await bench.another().adopt(attemptOf(draft), second);
    if (adoption.kind !== 'running') throw new Error('it was not found');
    expect(await adoption.outcome).toEqual(isSealed);
    expect([...first.lines, ...second.lines]).toEqual(['one', 'two', 'three']);
    // Also once it is over.
    const again = await bench.another().adopt(attemptOf(draft), keptSink());
    expect(again.kind === 'running' && (await again.outcome)).toEqual(isSealed);
  });

  it('is absent where nobody started it', async () => {
    expect(await bench.runner.adopt(attemptOf({}), keptSink())).toEqual({ kind: 'absent' });
  });

  it('tells that its image does not exist, and fails', async () => {
    const sink = keptSink();
    const image = standInImage.replace('stand-in', 'missing');
    const outcome = await bench.runner.start(attemptOf({ image, script: 'true' }), sink);
    expect(sink.told).toContainEqual({
      kind: 'waiting',
      reason: `its image ${image} cannot be pulled: the registry has no such image`,
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FER6048',
        problem: `the image ${image} cannot be pulled: the registry has no such image`,
        retryable: false,
      },
    });
  });

  it('tells that the registry of its image is not there', async () => {
    const outcome = await bench.runner.start(
      attemptOf({ image: '10.87.0.1:1/nothing:1', script: 'true' }),
      keptSink(),
    );
    expect(outcome).toMatchObject({
      failure: { code: 'FER6048', problem: expect.stringContaining('the node cannot reach the registry') },
    });
  });

  it('fails at once where the image has no valid name', async () => {
    const outcome = await bench.runner.start(
      attemptOf({ image: 'Not An Image', script: 'true' }),
      keptSink(),
    );
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'FER6048' } });
  });

  it('runs on a node with a GPU when it asks for one', async () => {
    const sink = keptSink();
    const resources = { accelerator: { type: 'NVIDIA_L4', count: '1' } };
    const outcome = await bench.runner.start(attemptOf({ script: 'true', resources }), sink);
    expect(outcome).toEqual(isSealed);
    expect(sink.told).toContainEqual({ kind: 'running', on: 'ferrule-gpu' });
  });

  it('tells in plain words that no node has so many GPUs, and fails when it waited long enough', async () => {
    const sink = keptSink();
    const resources = { accelerator: { resourceType: 'nvidia.com/gpu', resourceCount: '9' } };
    const outcome = await bench
      .another({ waitingTimeout: 5 })
      .start(attemptOf({ script: 'true', resources, runId: 'waits' }), sink);
    expect(sink.told[0]).toMatchObject({
      kind: 'waiting',
      reason: expect.stringMatching(/^none of \d+ nodes can take it: .*too little free nvidia.com\/gpu/),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6054', problem: expect.stringContaining('waited 5 s for a place') },
    });
  });

  it('is cancelled while it waits for a place', async () => {
    const cancel = new AbortController();
    const sink = keptSink();
    const resources = { resourceCpuRequest: '1000' };
    const attempt = attemptOf({ script: 'true', resources, signal: cancel.signal });
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('too little free cpu');
    cancel.abort();
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(await podsOf(apis, bench.namespace.name, attempt.name)).toEqual([]);
  });

  it('tells that a secret is missing, and fails', async () => {
    const attempt = attemptOf({
      script: 'true',
      kubernetes: {
        secretAsEnv: [
          { secretNameParameter: 'no-such', keyToEnv: [{ secretKey: 'k', envVar: 'K' }], optional: false },
        ],
      },
    });
    expect(await bench.runner.start(attempt, keptSink())).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6049', problem: 'the secret no-such does not exist in the namespace' },
    });
  });

  it.each([
    ['secretAsVolume', { secretName: 'no-such', mountPath: '/x' }, 'the secret no-such does not exist'],
    [
      'configMapAsVolume',
      { configMapName: 'no-such', mountPath: '/x' },
      'the config map no-such does not exist',
    ],
    ['pvcMount', { pvcNameParameter: 'no-such', mountPath: '/x' }, 'the volume claim no-such does not exist'],
  ])('tells that what %s mounts is missing, and fails', async (field, value, problem) => {
    const sink = keptSink();
    const outcome = await bench.runner.start(
      attemptOf({ script: 'true', kubernetes: { [field]: [value] } }),
      sink,
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6049', problem: expect.stringContaining(problem) },
    });
  });

  it('gets secrets, config maps and fields of its pod', async () => {
    const namespace = bench.namespace.name;
    await apis.core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: 'known' }, stringData: { token: 'hidden' } },
    });
    await apis.core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'settings' }, data: { colour: 'blue' } },
    });
    const sink = keptSink();
    const attempt = attemptOf({
      script:
        'echo $TOKEN $COLOUR $NODE $NAMED; cat /secret/token; echo; cat /config/colour; echo; df /dev/shm | grep -c shm; id -u; echo $HOME; echo $(echo dollar) "$LITERAL"',
      secretEnv: ['NAMED'],
      env: { LITERAL: '$(HOME)' },
      kubernetes: {
        secretAsEnv: [{ secretName: 'known', keyToEnv: [{ secretKey: 'token', envVar: 'TOKEN' }] }],
        configMapAsEnv: [
          { configMapNameParameter: 'settings', keyToEnv: [{ configMapKey: 'colour', envVar: 'COLOUR' }] },
        ],
        fieldPathAsEnv: [{ name: 'NODE', fieldPath: 'metadata.namespace' }],
        secretAsVolume: [{ secretName: 'known', mountPath: '/secret' }],
        configMapAsVolume: [{ configMapName: 'settings', mountPath: '/config' }],
        enabledSharedMemory: { size: '16Mi' },
        emptyDirMounts: [{ volumeName: 'cache', mountPath: '/cache', sizeLimit: '10Mi' }],
      },
    });
    const runner = bench.another({ secrets: { NAMED: { secret: 'known', key: 'token' } } });
    expect(await runner.start(attempt, sink)).toEqual(isSealed);
    expect(sink.lines).toEqual([
      `hidden blue ${namespace} hidden`,
      'hidden',
      'blue',
      '1',
      '1000',
      '/tmp',
      'dollar $(HOME)',
    ]);
  });

  it('is refused by a restricted namespace when it wants to be root, and says so', async () => {
    const outcome = await bench.runner.start(
      attemptOf({ script: 'true', kubernetes: { securityContext: { runAsUser: '0' } } }),
      keptSink(),
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6050', problem: expect.stringContaining('violates PodSecurity') },
    });
  });

  it('is lost when somebody deletes its pod', async () => {
    const attempt = attemptOf({ script: 'echo began; exec sleep 1000' });
    const sink = keptSink();
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('began');
    const [pod = ''] = await podsOf(apis, bench.namespace.name, attempt.name);
    await apis.core.deleteNamespacedPod({ namespace: bench.namespace.name, name: pod });
    expect(await outcome).toEqual({ kind: 'lost', reason: `its pod ${pod} was deleted by somebody` });
    await sleep(2000);
    expect(await podsOf(apis, bench.namespace.name, attempt.name)).toEqual([]);
  });

  it('is lost when its node is drained', async () => {
    const attempt = attemptOf({ script: 'echo began; exec sleep 1000' });
    const sink = keptSink();
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('began');
    const namespace = bench.namespace.name;
    const [name = ''] = await podsOf(apis, namespace, attempt.name);
    await apis.core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
    expect(await outcome).toEqual({
      kind: 'lost',
      reason: expect.stringContaining('it was evicted, most likely because its node is being drained'),
    });
  });

  it('is lost when somebody deletes its Job', async () => {
    const attempt = attemptOf({ script: 'echo began; exec sleep 1000' });
    const sink = keptSink();
    const outcome = bench.runner.start(attempt, sink);
    await sink.until('began');
    await apis.batch.deleteNamespacedJob({
      namespace: bench.namespace.name,
      name: attempt.name,
      propagationPolicy: 'Background',
    });
    expect(await outcome).toMatchObject({ kind: 'lost', reason: expect.stringContaining('deleted') });
  });

  it('fails where it fills a volume over its limit', async () => {
    const outcome = await bench.runner.start(
      attemptOf({
        script: 'head -c 30m /dev/zero > /cache/file; sleep 100',
        kubernetes: { emptyDirMounts: [{ volumeName: 'cache', mountPath: '/cache', sizeLimit: '1Mi' }] },
      }),
      keptSink(),
    );
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'FER6051' } });
  });

  it('waits suspended for its turn in a queue', async () => {
    const cancel = new AbortController();
    const sink = keptSink();
    const attempt = attemptOf({ script: 'true', signal: cancel.signal });
    const outcome = bench.another({ queue: 'team' }).start(attempt, sink);
    await sink.until('until its queue lets it start');
    const job = await apis.batch.readNamespacedJob({ namespace: bench.namespace.name, name: attempt.name });
    expect(job.metadata?.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'team' });
    cancel.abort();
    expect(await outcome).toEqual({ kind: 'cancelled' });
  });

  it('goes on in another pod when its queue took the first one away', async () => {
    const sink = keptSink();
    const attempt = attemptOf({ script: 'echo began on $HOSTNAME; [ -e /go ] || sleep 4; echo ended' });
    const outcome = bench.another({ queue: 'team' }).start(attempt, sink);
    const namespace = bench.namespace.name;
    const suspend = (value: boolean): Promise<unknown> =>
      apis.batch.patchNamespacedJob({
        namespace,
        name: attempt.name,
        body: [{ op: 'replace', path: '/spec/suspend', value }],
      });
    await expect.poll(() => jobsOf(apis, namespace), { timeout: 10_000 }).toContain(attempt.name);
    await suspend(false);
    await sink.until('began');
    await suspend(true);
    await sink.until('until its queue lets it start');
    await suspend(false);
    expect(await outcome).toEqual(isSealed);
    expect(sink.lines.at(-1)).toBe('ended');
  });

  it("runs another's image between stage-in and stage-out", async () => {
    const sink = keptSink();
    const outcome = await bench.runner.start(
      attemptOf({
        ours: false,
        command: ['sh', '-c', 'echo got "$0" {{$.inputs.parameters["n"]}}; touch /gcs/x'],
        args: ["{{$.inputs.parameters['n']}}"],
        parameters: { n: 7 },
      }),
      sink,
    );
    expect(outcome).toEqual(isSealed);
    expect(sink.lines).toEqual(['got 7 7']);
  });

  it("fails with the exit code of another's image, and keeps no outputs", async () => {
    const outcome = await bench.runner.start(
      attemptOf({ ours: false, command: ['sh', '-c', 'echo oh no; exit 4'] }),
      keptSink(),
    );
    expect(outcome).toMatchObject({
      failure: { code: 'FER6052', problem: 'the container ended with exit code 4: oh no' },
    });
  });
});
