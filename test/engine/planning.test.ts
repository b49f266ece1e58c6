import { describe, expect, it } from 'vitest';
import { explainTask, planRun } from '../../engine/index.ts';
import { digestOf, type CompiledPipeline, type Digest } from '../../spec/index.ts';
import { memoryWorld, type Call } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

const bodies = {
  make: ({ text, write }: Call) => write('data', text('text')),
  count: ({ read }: Call) => ({ Output: `${read('data').length}` }),
  alone: () => ({ Output: 'x' }),
};

function compiled(codeOfMake: Digest = digestOf('make')): CompiledPipeline {
  return pipelineOf({
    parameters: { text: 'STRING', seed: 'NUMBER_INTEGER' },
    tasks: {
      make: {
        code: codeOfMake,
        parameters: { text: '$text', seed: '$seed' },
        writes: { data: 'system.Dataset' },
      },
      count: { artifacts: { data: 'make.data' }, returns: { Output: 'STRING' } },
      inner: {
        artifacts: { data: 'make.data' },
        dag: {
          tasks: {
            again: { runs: 'count', artifacts: { data: '$data' }, returns: { Output: 'STRING' } },
            alone: { returns: { Output: 'STRING' } },
          },
        },
      },
      last: { runs: 'alone', after: ['count'], returns: { Output: 'STRING' } },
    },
  });
}

const request = { parameters: { text: 'a', seed: 1 }, caching: 'on', concurrency: 2 } as const;

describe('a plan', () => {
  it('says what a run would do, and does nothing', async () => {
    const world = memoryWorld(bodies);
    const decisions = async (change: object = {}): Promise<unknown> => {
      const plan = await planRun({ ...request, compiled: compiled(), runId: 'p', ...change }, world.ports);
      return Object.fromEntries(plan.tasks.map((task) => [task.name, task.decision]));
    };
    expect(await decisions()).toEqual({
      make: 'run',
      count: 'unknown',
      inner: 'run',
      'inner/again': 'unknown',
      'inner/alone': 'run',
      last: 'run',
    });
    expect(world.ran).toEqual([]);
    await world.run({ ...request, compiled: compiled(), runId: 'r1' });
    const hits = {
      make: 'hit',
      count: 'hit',
      inner: 'hit',
      'inner/again': 'hit',
      'inner/alone': 'hit',
      last: 'hit',
    };
    expect(await decisions()).toEqual(hits);
    expect(await decisions({ parameters: { text: 'a', seed: 2 } })).toEqual({
      ...hits,
      make: 'run',
      count: 'unknown',
      inner: 'unknown',
      'inner/again': 'unknown',
    });
    expect(await decisions({ only: 'count' })).toEqual({
      ...without(hits, 'inner/'),
      inner: 'skip',
      last: 'skip',
    });
    expect(await decisions({ from: 'count' })).toEqual({ ...hits, count: 'run', last: 'run' });
    expect(Object.values((await decisions({ caching: 'off' })) as object)).toEqual(
      expect.not.arrayContaining(['hit']),
    );
    expect((await world.ports.runs.list()).map(({ runId }) => runId)).toEqual(['r1']);
  });
});

describe('an explanation', () => {
  it('names the fields that differ from the nearest earlier run of the component', async () => {
    const world = memoryWorld(bodies);
    await world.run({ ...request, compiled: compiled(), runId: 'r1' });
    await world.run({ ...request, compiled: compiled(), runId: 'r2', parameters: { text: 'bb', seed: 5 } });
    const third = { ...request, compiled: compiled(digestOf('edited')), runId: 'r3' };
    await world.run({ ...third, parameters: { text: 'bb', seed: 6 } });
    expect(await explainTask('r3', 'make', world.ports)).toMatchObject({
      decision: 'miss',
      compared: { runId: 'r2', task: 'make' },
      differences: [
        { field: 'code.code', meaning: "the component's code and assets", now: digestOf('edited') },
        { field: 'parameters.seed', meaning: 'a parameter', before: '5', now: '6' },
      ],
    });
    expect(await explainTask('r2', 'count', world.ports)).toMatchObject({
      compared: { runId: 'r1', task: 'count' },
      differences: [{ field: 'artifacts.data.digest', before: digestOf('a'), now: digestOf('bb') }],
    });
    expect(await explainTask('r3', 'count', world.ports)).toMatchObject({
      decision: 'hit',
      compared: { runId: 'r2', task: 'count' },
      madeOn: { runner: 'memory', platform: 'memory', node: '20.19.0' },
      differences: [],
    });
  });

  it('says so where there is nothing to explain or compare', async () => {
    const world = memoryWorld(bodies);
    await world.run({ ...request, compiled: compiled(), runId: 'r1', only: 'make' });
    expect(await explainTask('r1', 'make', world.ports)).toMatchObject({
      reason: 'nothing in the cache has this fingerprint',
      differences: [],
    });
    expect(await explainTask('r1', 'count', world.ports)).toMatchObject({ decision: 'none' });
    await expect(explainTask('r1', 'nope', world.ports)).rejects.toMatchObject({ code: 'FER4003' });
    await expect(explainTask('r9', 'make', world.ports)).rejects.toMatchObject({ code: 'FER4003' });
  });
});

function without(record: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !name.startsWith(prefix)));
}
