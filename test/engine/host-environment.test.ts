/** Containers whose program runs without its image: what it runs in is in the cache key in the image's place. */
import { describe, expect, it } from 'vitest';
import { explainTask, planRun, type HostEnvironment } from '../../engine/index.ts';
import { memoryWorld, type MemoryWorld } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

const known: HostEnvironment = {
  kind: 'known',
  interpreter: 'CPython 3.11.7 linux-x86_64',
  packages: { kfp: '2.17.0', numpy: '1.26.0' },
  source: 'def f(): pass',
};

function pipeline(args: readonly string[] = ['--function', 'f']): ReturnType<typeof pipelineOf> {
  return pipelineOf({
    tasks: { run: { container: { image: 'python:3.11', command: ['sh'], args: [...args] } } },
  });
}

/** A world where each run finds the next of these environments. */
function worldWith(...environments: readonly HostEnvironment[]): MemoryWorld & { readonly asked: string[] } {
  const left = [...environments];
  const asked: string[] = [];
  const world = memoryWorld({}, ({ runner }) => ({
    runner: {
      ...runner,
      refuse: () => undefined,
      resolveImage: async (image) => {
        asked.push(image);
        return `${image}@sha256:${'a'.repeat(64)}`;
      },
      environmentOf: async (_, making) => (making === undefined ? left[0] : left.shift()),
      start: async () => ({ kind: 'succeeded', output: {} }),
    },
  }));
  return { ...world, asked };
}

async function statusesOf(world: MemoryWorld, runs: number, compiled = pipeline()): Promise<unknown[]> {
  const statuses: unknown[] = [];
  for (let run = 1; run <= runs; run += 1)
    statuses.push((await world.run({ compiled, runId: `r${run}` })).tasks[0]?.status);
  return statuses;
}

describe('a program that runs without its image', () => {
  it('is a hit in the same environment, and nobody asks what its image is', async () => {
    const world = worldWith(known, known);
    expect(await statusesOf(world, 2)).toEqual(['succeeded', 'cached']);
    expect(world.asked).toEqual([]);
  });

  it.each([
    ['another interpreter', { interpreter: 'CPython 3.12.1 linux-x86_64' }, 'code.interpreter'],
    ['another version of a package', { packages: { kfp: '2.17.0', numpy: '2.0.0' } }, 'code.packages.numpy'],
    ['a package more', { packages: { ...known.packages, six: '1.17.0' } }, 'code.packages.six'],
    ['another source', { source: 'def f(): return' }, 'code.source'],
  ])('is a miss with %s, and why says so', async (_, change, field) => {
    const world = worldWith(known, { ...known, ...change });
    expect(await statusesOf(world, 2)).toEqual(['succeeded', 'succeeded']);
    const { differences } = await explainTask('r2', 'run', world.ports);
    expect(differences.map((difference) => difference.field)).toEqual([field]);
  });

  it('is not cached where its environment can change unseen', async () => {
    const loose: HostEnvironment = { kind: 'unknown', reason: 'it is edited' };
    const world = worldWith(loose);
    const state = await world.run({ compiled: pipeline(), runId: 'r1' });
    expect(state.tasks[0]).toMatchObject({ status: 'succeeded', cache: 'off', reason: 'it is edited' });
  });

  it('is not cached where its arguments name the run', async () => {
    const world = worldWith(known);
    const state = await world.run({ compiled: pipeline(['{{$.pipeline_job_name}}']), runId: 'r1' });
    expect(state.tasks[0]).toMatchObject({
      cache: 'off',
      reason: expect.stringContaining('{{$.pipeline_job_name}}'),
    });
  });

  it('never takes the result that its image gave', async () => {
    const world = worldWith(known);
    await statusesOf(world, 1);
    const runner = { ...world.ports.runner, environmentOf: async () => undefined };
    const image = `python@sha256:${'a'.repeat(64)}`;
    const compiled = pipelineOf({
      tasks: { run: { container: { image, command: ['sh'], args: ['--function', 'f'] } } },
    });
    const plan = await planRun(
      { compiled, runId: 'r2', parameters: {}, caching: 'on', concurrency: 1 },
      { ...world.ports, runner },
    );
    expect(plan.tasks[0]).toMatchObject({ decision: 'run' });
  });

  it('is planned without anything being made', async () => {
    const world = worldWith({ kind: 'unknown', reason: 'not installed yet' });
    const plan = await planRun(
      { compiled: pipeline(), runId: 'r1', parameters: {}, caching: 'on', concurrency: 1 },
      world.ports,
    );
    expect(plan.tasks[0]).toMatchObject({ decision: 'run', reason: 'not installed yet' });
  });
});
