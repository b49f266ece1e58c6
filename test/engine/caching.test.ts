import { describe, expect, it } from 'vitest';
import { digestOfFields, fingerprintVersion, resumeRun, type FingerprintFields } from '../../engine/index.ts';
import { digestOf, type CompiledPipeline } from '../../spec/index.ts';
import { anyDigest, memoryWorld, type Call, type MemoryWorld } from './memory.ts';
import { pipelineOf, type TaskDraft } from './pipelines.ts';

const bodies = {
  make: ({ text, write }: Call) => write('data', text('text').toLowerCase(), { made: true }),
  count: ({ read }: Call) => ({ Output: `${read('data').length}` }),
  show: ({ text }: Call) => ({ Output: text('n') }),
};

function chain(change: Partial<Record<'make' | 'count' | 'show', TaskDraft>> = {}): CompiledPipeline {
  return pipelineOf({
    parameters: { text: 'STRING' },
    tasks: {
      make: { parameters: { text: '$text' }, writes: { data: 'system.Dataset' }, ...change.make },
      count: { artifacts: { data: 'make.data' }, returns: { Output: 'STRING' }, ...change.count },
      show: { parameters: { n: 'count.Output' }, returns: { Output: 'STRING' }, ...change.show },
    },
    returns: { shown: 'show.Output' },
  });
}

let runs = 0;

/** Runs and tells which tasks ran, by the names of their tasks. */
async function ranBy(
  world: MemoryWorld,
  compiled: CompiledPipeline,
  text = 'abc',
  more = {},
): Promise<string[]> {
  const state = await world.run({ compiled, runId: `run-${++runs}`, parameters: { text }, ...more });
  expect(state.failure).toBeUndefined();
  return state.tasks.filter((task) => task.status === 'succeeded').map((task) => task.name);
}

describe('the cache', () => {
  it('runs nothing the second time', async () => {
    const world = memoryWorld(bodies);
    expect(await ranBy(world, chain())).toEqual(['make', 'count', 'show']);
    expect(await ranBy(world, chain())).toEqual([]);
  });

  it('runs what changed, and nothing after a task that gave the same as before', async () => {
    const world = memoryWorld(bodies);
    await ranBy(world, chain());
    expect(await ranBy(world, chain(), 'ABC')).toEqual(['make']);
    expect(await ranBy(world, chain(), 'xyz')).toEqual(['make', 'count']);
    expect(await ranBy(world, chain({ count: { code: digestOf('new code') } }))).toEqual(['count']);
  });

  it.each<[string, TaskDraft]>([
    ['code', { code: digestOf('other') }],
    ['native packages', { identity: { natives: digestOf('sharp 2') } }],
    ['image recipe', { identity: { recipe: digestOf('FROM x') } }],
    ['salt', { identity: { salt: 'v2' } }],
    ['own key', { cacheKey: 'k' }],
    ['environment', { env: [{ name: 'A', value: 'b' }] }],
    ['secrets by name', { identity: { secretEnv: ['TOKEN'] } }],
    ['declared outputs', { returns: { Output: 'STRING' } }],
    ['artifact type', { writes: { data: 'system.Model' } }],
  ])('runs a task again for another %s', async (_, change) => {
    const world = memoryWorld({
      ...bodies,
      make: (call: Call) => {
        bodies.make(call);
        return { Output: 'x' };
      },
    });
    await ranBy(world, chain());
    expect(await ranBy(world, chain({ make: change }))).toContain('make');
  });

  it('does not look at names of tasks, runs, retries and time-outs', async () => {
    const world = memoryWorld(bodies);
    await ranBy(world, chain());
    const renamed = pipelineOf(
      {
        parameters: { text: 'STRING' },
        tasks: {
          other: {
            runs: 'make',
            parameters: { text: '$text' },
            writes: { data: 'system.Dataset' },
            retry: { maxRetryCount: 2 },
            timeout: 30,
          },
        },
      },
      'another',
    );
    expect(await ranBy(world, renamed)).toEqual([]);
  });

  it('counts the metadata of an input, which a task can read', async () => {
    const world = memoryWorld(bodies);
    await ranBy(world, chain());
    world.bodies.set('make', ({ text, write }) => write('data', text('text'), { made: 'otherwise' }));
    expect(await ranBy(world, chain({ make: { runs: 'make', code: digestOf('2') } }))).toEqual([
      'make',
      'count',
    ]);
  });

  it('is not asked where the pipeline or the run says so, and refreshed where that is asked for', async () => {
    const world = memoryWorld(bodies);
    await ranBy(world, chain());
    expect(await ranBy(world, chain({ count: { cache: false } }))).toEqual(['count']);
    expect(await ranBy(world, chain(), 'abc', { caching: 'off' })).toEqual(['make', 'count', 'show']);
    expect(await ranBy(world, chain(), 'abc', { caching: 'refresh' })).toEqual(['make', 'count', 'show']);
    const state = await world.run({ compiled: chain(), runId: 'last', parameters: { text: 'abc' } });
    expect(state.tasks.map((task) => task.from?.runId)).toEqual(Array(3).fill(`run-${runs}`));
  });

  it('knows data that a component reads by itself by its content', async () => {
    const world = memoryWorld(bodies);
    const compiled = chain({ make: { identity: { reads: ['text'] } } });
    world.outside.set('bucket', anyDigest(1));
    await ranBy(world, compiled, 'bucket');
    expect(await ranBy(world, compiled, 'bucket')).toEqual([]);
    world.outside.set('bucket', anyDigest(2));
    expect(await ranBy(world, compiled, 'bucket')).toEqual(['make']);
  });

  it('does not cache what reads data that changes meanwhile, and says so', async () => {
    let moving = 0;
    const world = memoryWorld({
      ...bodies,
      make: (call) => {
        if (moving > 0) world.outside.set('bucket', anyDigest(moving++));
        bodies.make(call);
      },
    });
    const compiled = chain({ make: { identity: { reads: ['text'] } } });
    world.outside.set('bucket', anyDigest(0));
    moving = 1;
    const state = await world.run({ compiled, runId: 'moving', parameters: { text: 'bucket' } });
    expect(state).toMatchObject({
      status: 'succeeded',
      warnings: [{ task: 'make', message: 'not cached: what lies at its input "text" changed while it ran' }],
    });
    moving = 0;
    expect(await ranBy(world, compiled, 'bucket')).toEqual(['make']);
    world.outside.set('bucket', anyDigest(0));
    expect(await ranBy(world, compiled, 'bucket')).toEqual(['make']);
  });

  it('does not cache what read an input that changes meanwhile', async () => {
    const world = memoryWorld({
      ...bodies,
      count: (call) => {
        const [uri] = [...world.contents.keys()].filter((key) => key.includes('/make/'));
        const counted = bodies.count(call);
        if (call.attempt.runId === 'spoils') world.contents.set(uri ?? '', 'spoilt');
        return counted;
      },
    });
    const state = await world.run({ compiled: chain(), runId: 'spoils', parameters: { text: 'a' } });
    expect(state.warnings).toMatchObject([
      { task: 'count', message: expect.stringMatching(/^not cached: its input "data" changed while it ran/) },
    ]);
    expect(await ranBy(world, chain(), 'a')).toEqual(['make', 'count']);
  });

  it('does not cache, under the data of today, what an earlier driver began', async () => {
    const world = memoryWorld(bodies);
    const compiled = chain({ make: { identity: { reads: ['text'] } } });
    world.outside.set('bucket', anyDigest(1));
    await world.run({ compiled, runId: 'cut', parameters: { text: 'bucket' } });
    // The driver died when the first task was committed, and the log did not know of it yet.
    const names = await world.objects.names('runs/cut/log');
    let isCut = false;
    for (const key of names.map((name) => `runs/cut/log/${name}`)) {
      isCut ||= (await world.objects.read(key))?.content.includes('"attempt-ended"') === true;
      if (isCut) await world.objects.remove(key);
    }
    await world.objects.remove('cache');
    world.outside.set('bucket', anyDigest(2));
    const state = await resumeRun('cut', world.ports);
    expect(state.warnings).toMatchObject([{ task: 'make', message: expect.stringContaining('it began') }]);
    expect(await ranBy(world, compiled, 'bucket')).toEqual(['make']);
  });

  it('does not cache what reads data that cannot be digested, unless it says how long it holds', async () => {
    const world = memoryWorld(bodies);
    const reads = chain({ make: { identity: { reads: ['text'] } } });
    await ranBy(world, reads, 'clock');
    const state = await world.run({ compiled: reads, runId: 'reads', parameters: { text: 'clock' } });
    expect(state.tasks[0]).toMatchObject({
      cache: 'off',
      reason: 'what lies at clock cannot be digested: nothing is known of it',
    });
    const holds = chain({ make: { identity: { reads: ['text'], maxAge: 60 } } });
    await ranBy(world, holds, 'clock');
    expect(await ranBy(world, holds, 'clock')).toEqual([]);
    world.shift(61_000);
    expect(await ranBy(world, holds, 'clock')).toEqual(['make']);
    expect(await ranBy(world, holds, 'clock')).toEqual([]);
  });

  it('keys what follows an importer on the content of what was imported', async () => {
    const world = memoryWorld(bodies);
    const compiled = pipelineOf({
      tasks: {
        get: {
          importer: { artifactUri: { constant: 'gs://b/x' }, typeSchema: { schemaTitle: 'system.Dataset' } },
          writes: { artifact: 'system.Dataset' },
        },
        count: { artifacts: { data: 'get.artifact' }, returns: { Output: 'STRING' } },
      },
    });
    const run = (): Promise<string[]> => ranBy(world, compiled);
    world.outside.set('gs://b/x', anyDigest(1));
    expect(await run()).toEqual(['get', 'count']);
    expect(await run()).toEqual(['get']);
    world.outside.set('gs://b/x', anyDigest(2));
    expect(await run()).toEqual(['get', 'count']);
    world.outside.delete('gs://b/x');
    await run();
    expect(await run()).toEqual(['get', 'count']);
  });

  it('does not know another container by a tag, and knows it by a digest', async () => {
    const world = memoryWorld({ container: () => ({}) });
    const pinned = `memory@sha256:${'a'.repeat(64)}`;
    const of = (image: string, args: string[] = []): CompiledPipeline =>
      pipelineOf({ tasks: { foreign: { container: { image, args } } } });
    await ranBy(world, of(pinned));
    expect(await ranBy(world, of(pinned))).toEqual([]);
    expect(await ranBy(world, of(pinned, ['--x']))).toEqual(['foreign']);
    await ranBy(world, of(pinned, ['{{$.pipeline_job_name}}']));
    expect(await ranBy(world, of(pinned, ['{{$.pipeline_job_name}}']))).toEqual(['foreign']);
    const state = await world.run({ compiled: of('memory@latest'), runId: 'tagged' });
    expect(state.tasks[0]).toMatchObject({ cache: 'off' });
  });

  it('never fails a run: a store that does makes a miss and a warning', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('the store is away');
    };
    const world = memoryWorld(bodies, () => ({ cache: { read: broken, create: broken, replace: broken } }));
    const state = await world.run({ compiled: chain(), runId: 'r', parameters: { text: 'a' } });
    expect(state.status).toBe('succeeded');
    expect(state.warnings.filter(({ task }) => task === 'make').map(({ message }) => message)).toEqual([
      'the cache cannot be read: the store is away',
      'the result was not cached: the store is away',
    ]);
  });

  it('runs again what is no longer there, once', async () => {
    const world = memoryWorld(bodies);
    const first = await world.run({ compiled: chain(), runId: 'gone', parameters: { text: 'abc' } });
    world.contents.delete(first.tasks[0]?.outputs?.artifacts['data']?.[0]?.uri ?? '');
    expect(await ranBy(world, chain())).toEqual(['make']);
    expect(await ranBy(world, chain())).toEqual([]);
  });

  it('is not poisoned by a component that writes to its input: the next one that reads it says so', async () => {
    const world = memoryWorld({
      ...bodies,
      count: ({ read, attempt }: Call) => {
        world.contents.set(attempt.input.inputs.artifacts?.['data']?.artifacts[0]?.uri ?? '', 'overwritten');
        return { Output: `${read('data').length}` };
      },
    });
    const compiled = pipelineOf({
      tasks: {
        make: { parameters: { text: { constant: 'abc' } }, writes: { data: 'system.Dataset' } },
        count: { artifacts: { data: 'make.data' }, returns: { Output: 'STRING' } },
        victim: {
          runs: 'copy',
          artifacts: { data: 'make.data' },
          after: ['count'],
          writes: { data: 'system.Dataset' },
        },
      },
    });
    const state = await world.run({ compiled, runId: 'r' });
    expect(state.tasks[2]).toMatchObject({ status: 'failed', failure: { code: 'FER4011' } });
  });

  it('sets entries apart by what a component says that it varies with', async () => {
    const world = memoryWorld(bodies);
    const varies = chain({ make: { identity: { vary: ['platform', 'node'] } } });
    await ranBy(world, varies);
    expect(await ranBy(world, varies)).toEqual([]);
    const { runner } = world.ports;
    Object.assign(runner, { platform: { platform: 'other', node: '20.19.0' } });
    expect(await ranBy(world, varies)).toEqual(['make']);
    Object.assign(runner, { platform: { platform: 'other', node: '20.20.1' } });
    expect(await ranBy(world, varies)).toEqual([]);
  });
});

describe('the fingerprint', () => {
  it('has this digest in this version: whoever changes it raises the version', () => {
    const fields: FingerprintFields = {
      version: fingerprintVersion,
      code: { kind: 'component', function: 'f', code: digestOf('code'), natives: digestOf('natives') },
      env: { A: 'b' },
      secretEnv: ['TOKEN'],
      parameters: { n: 1, text: 'ü', list: [1, { b: 2, a: 1 }] },
      artifacts: {
        data: [{ type: { schemaTitle: 'system.Dataset' }, digest: digestOf('data'), metadata: {} }],
      },
      outside: { bucket: digestOf('outside') },
      outputs: { parameters: { Output: 'STRING' }, artifacts: {} },
      salt: 's',
      platform: { platform: 'linux-x64' },
    };
    expect([fingerprintVersion, digestOfFields(fields)]).toEqual([
      1,
      'sha256:78b0993b4407459084ad20b82b39990d2c55d0e46330848b0890a4ee0dc1066e',
    ]);
  });

  it('has what an attempt gave whose driver died before it could say so', async () => {
    const world = memoryWorld(bodies, ({ runner }) => ({ runner: { ...runner, usesPlaces: () => false } }));
    const request = { compiled: chain(), runId: 'died', parameters: { text: 'abc' } };
    await world.run(request);
    const { cache, artifacts } = world.ports;
    const later = memoryWorld(bodies, ({ runner }) => ({
      cache,
      artifacts,
      runner: { ...runner, usesPlaces: () => false },
    }));
    await later.ports.runs.create('died', request.compiled);
    for await (const entry of world.ports.runs.log('died').read(0)) {
      await later.ports.runs.log('died').append(entry);
      // The attempt of `count`, which writes no files, is in the log, and its end is not.
      if (entry.events.some((event) => event.kind === 'attempt-started' && event.task === 'count')) break;
    }
    const state = await resumeRun('died', later.ports);
    expect(state.tasks.map(({ name, status }) => [name, status])).toEqual([
      ['make', 'succeeded'],
      ['count', 'cached'],
      ['show', 'cached'],
    ]);
    expect(later.ran).toEqual([]);
  });
});
