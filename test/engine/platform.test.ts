/** Attempts that run somewhere else: they stage for themselves, are taken away, and outlive their driver. */
import { describe, expect, it } from 'vitest';
import {
  released,
  resumeRun,
  startRun,
  submitRun,
  type Attempt,
  type AttemptResult,
  type Outcome,
  type Runner,
} from '../../engine/index.ts';
import { memoryWorld, type MemoryWorld } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

const one = pipelineOf({
  tasks: { count: { returns: { Output: 'NUMBER_INTEGER' } } },
  returns: { Output: 'count.Output' },
});

const made: AttemptResult = { kind: 'succeeded', outputs: { parameters: { Output: 3 }, artifacts: {} } };
const request = { compiled: one, parameters: {}, caching: 'on', concurrency: 4 } as const;

/** A world whose attempts run on a platform of their own: `start` says what becomes of each, `results` what they wrote. */
function platformWorld(
  start: (attempt: Attempt, results: Map<number, AttemptResult>) => Promise<Outcome> | Outcome,
  adopt: Runner['adopt'] = async () => ({ kind: 'absent' }),
): MemoryWorld {
  const results = new Map<number, AttemptResult>();
  return memoryWorld({}, (ports) => ({
    runner: {
      ...ports.runner,
      staging: 'attempt',
      adopt,
      start: async (attempt) => start(attempt, results),
    },
    artifacts: { ...ports.artifacts, result: async ({ number }) => results.get(number) },
  }));
}

describe('an attempt that stages for itself', () => {
  it('has the outcome that it wrote, and its image is told with the cache entry', async () => {
    const world = platformWorld((_, results) => {
      results.set(1, { ...made, platform: { platform: 'linux-x64', node: '22.1.0' } });
      return { kind: 'sealed', image: 'repo/count@sha256:1' };
    });
    const state = await world.run({ compiled: one, runId: 'r1' });
    expect(state.outputs.parameters).toEqual({ Output: 3 });
    const again = await world.run({ compiled: one, runId: 'r2' });
    expect(again.tasks[0]?.status).toBe('cached');
    expect(world.events.find((event) => event.kind === 'task-cached')).toMatchObject({
      madeOn: { platform: 'linux-x64', node: '22.1.0', image: 'repo/count@sha256:1' },
    });
  });

  it('has the outcome that it wrote, whatever its platform says of it', async () => {
    const world = platformWorld((_, results) => {
      results.set(1, made);
      return { kind: 'lost', reason: 'its node went away' };
    });
    expect((await world.run({ compiled: one, runId: 'r' })).status).toBe('succeeded');
  });

  it('has failed where it ended without a result', async () => {
    const world = platformWorld(() => ({ kind: 'sealed' }));
    expect((await world.run({ compiled: one, runId: 'r' })).failure?.code).toBe('FER4012');
  });

  it('has failed where its result lacks an output, or has it in another type', async () => {
    for (const parameters of [{}, { Output: 'three' }] as const) {
      const world = platformWorld((_, results) => {
        results.set(1, { kind: 'succeeded', outputs: { parameters, artifacts: {} } });
        return { kind: 'sealed' };
      });
      expect((await world.run({ compiled: one, runId: 'r' })).failure?.code).toBe('FER4010');
    }
  });

  it('is given what it must know before it starts', async () => {
    const assigned: unknown[] = [];
    const world = memoryWorld({}, (ports) => ({
      runner: {
        ...ports.runner,
        staging: 'attempt',
        start: async () => {
          expect(assigned).toHaveLength(1);
          return { kind: 'cancelled' };
        },
      },
      artifacts: { ...ports.artifacts, assign: async (assignment) => void assigned.push(assignment) },
    }));
    await world.run({ compiled: one, runId: 'r' });
    expect(assigned[0]).toMatchObject({ attempt: { runId: 'r', task: 'count', number: 1 }, strict: true });
  });
});

describe('an attempt that its platform took away', () => {
  it('is tried again without counting as a failure, and why is in the log', async () => {
    const world = platformWorld(({ number }, results) => {
      if (number <= 3) return { kind: 'lost', reason: 'preempted' };
      results.set(number, made);
      return { kind: 'sealed' };
    });
    const state = await world.run({ compiled: one, runId: 'r' });
    expect(state.status).toBe('succeeded');
    expect(state.tasks[0]?.attempts).toBe(4);
    expect(world.events.filter((event) => event.kind === 'attempt-ended')).toMatchObject([
      { outcome: 'lost', reason: 'preempted', retryIn: 1000 },
      { outcome: 'lost', reason: 'preempted', retryIn: 2000 },
      { outcome: 'lost', reason: 'preempted', retryIn: 4000 },
      { outcome: 'succeeded' },
    ]);
  });

  it('fails its task where every one is taken away', async () => {
    const world = platformWorld(() => ({ kind: 'lost', reason: 'its node went away' }));
    const state = await world.run({ compiled: one, runId: 'r' });
    expect(state.failure).toMatchObject({ code: 'FER4013' });
    expect(state.tasks[0]?.attempts).toBe(20);
  });
});

describe('a driver that lets go', () => {
  it('leaves its attempts running, and another one adopts them', async () => {
    const release = new AbortController();
    const signals: AbortSignal[] = [];
    const world = platformWorld(
      (attempt) => {
        signals.push(attempt.signal);
        setTimeout(() => release.abort(), 5);
        return new Promise((resolve) =>
          attempt.signal.addEventListener('abort', () => resolve({ kind: 'cancelled' })),
        );
      },
      async () => ({ kind: 'running', outcome: Promise.resolve({ kind: 'failed', failure }) }),
    );
    const failure = { code: 'FER6001', kind: 'user', problem: 'it said no', retryable: false } as const;
    const state = await startRun({ ...request, runId: 'r' }, world.ports, { release: release.signal });
    expect(state.status).toBe('running');
    expect(signals[0]?.reason).toBe(released);
    const kinds = world.events.map(({ kind }) => kind);
    expect(kinds).not.toContain('task-cancelled');
    expect((await resumeRun('r', world.ports)).failure?.problem).toBe('it said no');
  });

  it('cancels its attempts where the run is cancelled', async () => {
    const cancel = new AbortController();
    const world = platformWorld((attempt) => {
      setTimeout(() => cancel.abort(), 5);
      return new Promise((resolve) =>
        attempt.signal.addEventListener('abort', () => {
          expect(attempt.signal.reason).not.toBe(released);
          resolve({ kind: 'cancelled' });
        }),
      );
    });
    const state = await startRun({ ...request, runId: 'r' }, world.ports, { signal: cancel.signal });
    expect(state.status).toBe('cancelled');
  });
});

describe('a run that is submitted', () => {
  it('starts nothing until it is resumed, and then runs as any other', async () => {
    const world = memoryWorld({ count: () => ({ Output: 5 }) });
    await submitRun({ ...request, runId: 'r' }, world.ports);
    expect(world.ran).toEqual([]);
    expect((await world.state('r')).status).toBe('running');
    const state = await resumeRun('r', world.ports);
    expect(state.outputs.parameters).toEqual({ Output: 5 });
    expect(world.ran).toEqual(['r/count/1']);
  });
});

describe('an attempt that waits', () => {
  it('says why, once for each reason, and where it runs in the end', async () => {
    const world = memoryWorld({}, (ports) => ({
      runner: {
        ...ports.runner,
        start: async (_, sink) => {
          for (const reason of ['no node has a free GPU', 'no node has a free GPU', 'the image is pulled'])
            sink.progress({ kind: 'waiting', reason });
          sink.progress({ kind: 'running', on: 'node-1' });
          return { kind: 'succeeded', output: { parameterValues: { Output: 1 } } };
        },
      },
    }));
    const state = await world.run({ compiled: one, runId: 'r' });
    expect(world.events.flatMap((event) => (event.kind === 'attempt-waiting' ? event.reason : []))).toEqual([
      'no node has a free GPU',
      'the image is pulled',
    ]);
    expect(state.tasks[0]).toMatchObject({ on: 'node-1' });
    expect(state.tasks[0]?.waitingFor).toBeUndefined();
  });
});

describe('an image that is named by a tag', () => {
  const foreign = pipelineOf({
    tasks: { run: { container: { image: 'memory:latest', command: ['true'] } } },
  });
  const runnerOf = (
    images: readonly (string | undefined)[],
    used: string[],
  ): Parameters<typeof memoryWorld>[1] => {
    const left = [...images];
    return ({ runner }) => ({
      runner: {
        ...runner,
        refuse: () => undefined,
        resolveImage: async () => left.shift(),
        start: async ({ container }) => {
          used.push(container.image);
          return { kind: 'succeeded', output: {} };
        },
      },
    });
  };
  const [a, b] = ['a', 'b'].map((digit) => `memory@sha256:${digit.repeat(64)}`);

  it('runs as what it stands for, and is a hit as long as it stands for the same', async () => {
    const used: string[] = [];
    const world = memoryWorld({}, runnerOf([a, a, b], used));
    const statuses = [];
    for (const runId of ['r1', 'r2', 'r3'])
      statuses.push((await world.run({ compiled: foreign, runId })).tasks[0]?.status);
    expect(statuses).toEqual(['succeeded', 'cached', 'succeeded']);
    expect(used).toEqual([a, b]);
  });

  it('is not cached where nobody knows what it stands for, and says so', async () => {
    const used: string[] = [];
    const world = memoryWorld({}, runnerOf([undefined], used));
    const state = await world.run({ compiled: foreign, runId: 'r' });
    expect(used).toEqual(['memory:latest']);
    expect(state.tasks[0]).toMatchObject({ cache: 'off', reason: expect.stringContaining('by a tag') });
  });
});
