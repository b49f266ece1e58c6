import { describe, expect, it } from 'vitest';
import { outcomeOfPod } from '../../runners/kubernetes/attempt/ending.ts';
import { judge } from '../../runners/kubernetes/attempt/judge.ts';
import { podSchema, type ClusterEvent, type Pod } from '../../runners/kubernetes/api/observed.ts';
import { schedulingReason } from '../../runners/kubernetes/attempt/scheduling-message.ts';
import { waitingOfPod, waitingWithoutPod } from '../../runners/kubernetes/attempt/waiting.ts';

describe('what the scheduler says', () => {
  it.each([
    [
      '0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
      'none of 3 nodes can take it: 1 has a taint that the task does not tolerate {nvidia.com/gpu: present}; 2 have too little free nvidia.com/gpu',
    ],
    [
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
      'the only node cannot take it: 1 does not have the labels that the task asks for',
    ],
    [
      '0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) were unschedulable.',
      'none of 2 nodes can take it: 1 has too little free cpu; 1 has too little free memory; 1 is closed for new pods',
    ],
    [
      '0/2 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
      'the volume claim data does not exist',
    ],
    [
      '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found.',
      'its volume claim has no volume yet',
    ],
    ['no nodes available to schedule pods', 'no nodes available to schedule pods'],
    ['0/0 nodes are available: .', 'the cluster has no nodes'],
  ])('is told in plain words: %s', (message, words) => {
    expect(schedulingReason(message)).toBe(words);
  });
});

function pod(status: object, spec: object = {}): Pod {
  return podSchema.parse({ metadata: { name: 'train-1-abcde', uid: 'u' }, spec, status });
}

function pulling(message: string): Pod {
  return pod(
    {
      phase: 'Pending',
      containerStatuses: [{ name: 'component', state: { waiting: { reason: 'ErrImagePull', message } } }],
    },
    { nodeName: 'n', containers: [{ name: 'component', image: 'r.io/train:1' }] },
  );
}

describe('why an image is not pulled', () => {
  it.each([
    [
      'rpc error: code = NotFound desc = failed to pull and unpack image "r.io/train:1": failed to resolve reference "r.io/train:1": r.io/train:1: not found',
      'the registry has no such image',
    ],
    [
      'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
      'the registry does not let the cluster in',
    ],
    [
      'pull access denied, repository does not exist or may require authorization',
      'the registry does not let the cluster in',
    ],
    [
      'dial tcp: lookup r.io: no such host',
      'the node cannot reach the registry (dial tcp: lookup r.io: no such host)',
    ],
  ])('is told in a few words: %s', (message, words) => {
    expect(waitingOfPod(pulling(message), [])?.reason).toBe(
      `its image r.io/train:1 cannot be pulled: ${words}`,
    );
  });
});

describe('why there is no pod', () => {
  const refused = (message: string) =>
    waitingWithoutPod(undefined, [
      {
        metadata: { name: 'e', uid: 'e' },
        reason: 'FailedCreate',
        message: `Error creating: ${message}`,
        involvedObject: { kind: 'Job', name: 'train-1' },
      },
    ]);

  it('is the quota, which may pass', () => {
    const waiting = refused(
      'pods "train-1-x" is forbidden: exceeded quota: team, requested: requests.cpu=4, used: requests.cpu=6, limited: requests.cpu=8',
    );
    expect(waiting).toEqual({
      kind: 'place',
      reason:
        "the namespace's quota is used up: team, requested: requests.cpu=4, used: requests.cpu=6, limited: requests.cpu=8",
    });
  });

  it('is a service account that is missing, which somebody may make', () => {
    const waiting = refused(
      'pods "train-1-" is forbidden: error looking up service account a/b: serviceaccount "b" not found',
    );
    expect(waiting).toMatchObject({ kind: 'setup', hopeless: false, failure: { code: 'FER6050' } });
  });
});

/** A pod that failed, with its component in the given state. */
function failed(status: object, component?: object, containers = ['component']): Pod {
  return pod(
    {
      phase: 'Failed',
      ...status,
      ...(component && { containerStatuses: [{ name: 'component', state: { terminated: component } }] }),
    },
    { containers: containers.map((name) => ({ name })) },
  );
}

const disrupted = (reason: string) => ({
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message: 'words' }],
});

describe('where an attempt stands', () => {
  const running = (ready: string) =>
    pod(
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: ready }],
        containerStatuses: [{ name: 'component', state: { running: {} } }],
      },
      { nodeName: 'gpu-1' },
    );
  const silent: ClusterEvent = {
    metadata: { name: 'e', uid: 'e' },
    reason: 'NodeNotReady',
    message: 'Node is not ready',
    involvedObject: { kind: 'Pod', name: 'train-1-abcde' },
  };
  const seen = (found: Pod | undefined, events: readonly ClusterEvent[] = []) => ({
    job: undefined,
    pod: found,
    events,
    trouble: undefined,
    lists: 1,
  });
  const memory = { job: undefined, pod: undefined, lists: 1, timeoutSeconds: undefined };

  it('is on a node that does not answer, until that is back', () => {
    expect(judge(seen(running('False'), [silent]), memory)).toMatchObject({
      kind: 'waiting',
      waiting: { reason: expect.stringMatching(/^its node gpu-1 does not answer/) },
    });
    expect(judge(seen(running('True'), [silent]), memory)).toEqual({ kind: 'running', on: 'gpu-1' });
  });

  it('is not gone before its Job was seen, or two lists later were without it', () => {
    expect(judge(seen(undefined), memory).kind).toBe('waiting');
    expect(judge({ ...seen(undefined), lists: 2 }, memory).kind).toBe('waiting');
    expect(judge({ ...seen(undefined), lists: 3 }, memory)).toEqual({
      kind: 'ended',
      outcome: { kind: 'lost', reason: 'its Job was deleted by somebody' },
    });
  });

  it('is lost where its pod vanished between two looks', () => {
    expect(judge(seen(undefined), { ...memory, pod: running('True') })).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'lost' },
    });
  });
});

describe('what becomes of a pod that failed', () => {
  it.each([
    ['PreemptionByScheduler', 'it was preempted by a more important pod: words'],
    ['DeletionByTaintManager', 'its node went away or was closed to it: words'],
    ['EvictionByEvictionAPI', 'it was evicted, most likely because its node is being drained: words'],
    ['SomethingNew', 'the cluster took it away: words'],
  ])('is lost where the cluster took it away: %s', (reason, words) => {
    expect(outcomeOfPod(failed(disrupted(reason), { exitCode: 143 }))).toEqual({
      kind: 'lost',
      reason: words,
    });
  });

  it('is lost where its node ran short, was shut down, or had no room in the end', () => {
    const kinds = [
      { reason: 'Evicted', message: 'The node was low on resource: memory.' },
      { reason: 'NodeShutdown' },
      { reason: 'OutOfcpu', message: 'Node did not have enough resource: cpu' },
      { reason: 'UnexpectedAdmissionError', message: 'Allocate failed due to nvidia.com/gpu' },
    ];
    for (const status of kinds) expect(outcomeOfPod(failed(status)).kind).toBe('lost');
  });

  it('is its own fault where it used more storage than its limit', () => {
    const message = 'Usage of EmptyDir volume "cache" exceeds the limit "1Mi".';
    expect(outcomeOfPod(failed({ reason: 'Evicted', message }))).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6051', problem: expect.stringContaining('exceeds the limit') },
    });
  });

  it('is what the component said of itself, where code came with the spec', () => {
    const words = JSON.stringify({ code: 'FER6001', problem: 'thrown', stack: 'at train' });
    const foreign = pod(
      {
        phase: 'Failed',
        initContainerStatuses: [
          { name: 'stage-in', state: { terminated: { exitCode: 0 } } },
          { name: 'component', state: { terminated: { exitCode: 1, message: words } } },
        ],
        containerStatuses: [{ name: 'stage-out', state: { waiting: { reason: 'PodInitializing' } } }],
      },
      { initContainers: [{ name: 'stage-in' }, { name: 'component' }], containers: [{ name: 'stage-out' }] },
    );
    expect(outcomeOfPod(foreign)).toEqual({
      kind: 'failed',
      failure: { code: 'FER6001', kind: 'user', problem: 'thrown', stack: 'at train', retryable: true },
    });
  });

  it('is infrastructure where inputs could not be brought', () => {
    const foreign = pod(
      {
        phase: 'Failed',
        initContainerStatuses: [
          { name: 'stage-in', state: { terminated: { exitCode: 75, message: 'no bucket' } } },
        ],
      },
      { initContainers: [{ name: 'stage-in' }, { name: 'component' }], containers: [{ name: 'stage-out' }] },
    );
    expect(outcomeOfPod(foreign)).toMatchObject({
      failure: {
        code: 'FER6056',
        kind: 'infrastructure',
        problem: 'its inputs could not be brought: no bucket',
        retryable: true,
      },
    });
  });

  it('is a kill without memory as a reason, where nothing tells more', () => {
    expect(outcomeOfPod(failed({}, { exitCode: 137, reason: 'Error' }))).toMatchObject({
      failure: { code: 'FER6009' },
    });
  });

  it('is never a success where the pod tells nothing at all', () => {
    expect(outcomeOfPod(failed({}))).toMatchObject({ kind: 'failed', failure: { code: 'FER6057' } });
  });
});
