import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startRun, type RunState } from '../../engine/index.ts';
import { Fails, memoryWorld, type Call } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

const chain = pipelineOf({
  parameters: { text: 'STRING' },
  tasks: {
    make: { parameters: { text: '$text' }, writes: { data: 'system.Dataset' } },
    count: { artifacts: { data: 'make.data' }, returns: { Output: 'NUMBER_INTEGER' } },
    show: {
      parameters: { n: 'count.Output' },
      parameterTypes: { n: { parameterType: 'NUMBER_INTEGER' } },
      returns: { Output: 'STRING' },
    },
  },
  returns: { shown: 'show.Output' },
  writes: { data: 'make.data' },
});

const bodies = {
  make: ({ text, write }: Call) => write('data', text('text')),
  count: ({ read }: Call) => ({ Output: read('data').length }),
  show: ({ text }: Call) => ({ Output: `n=${text('n')}` }),
};

function statuses(state: RunState): Record<string, string> {
  return Object.fromEntries(state.tasks.map((task) => [task.name, task.status]));
}

/** A pipeline in a pipeline. */
const nested = pipelineOf({
  parameters: { text: 'STRING' },
  tasks: {
    inner: {
      parameters: { text: '$text' },
      dag: {
        parameters: { text: 'STRING' },
        tasks: {
          make: { parameters: { text: '$text' }, writes: { data: 'system.Dataset' } },
          count: { artifacts: { data: 'make.data' }, returns: { Output: 'NUMBER_INTEGER' } },
        },
        returns: { size: 'count.Output' },
        writes: { data: 'make.data' },
      },
    },
    again: { runs: 'count', artifacts: { data: 'inner.data' }, returns: { Output: 'NUMBER_INTEGER' } },
  },
  returns: { size: 'inner.size', again: 'again.Output' },
});

describe('a run', () => {
  it('passes parameters and artifacts from task to task, and gives the outputs of the pipeline', async () => {
    const world = memoryWorld(bodies);
    const state = await world.run({ compiled: chain, runId: 'r1', parameters: { text: 'hello' } });
    expect(state.status).toBe('succeeded');
    expect(state.outputs.parameters).toEqual({ shown: 'n=5' });
    expect(state.outputs.artifacts['data']?.[0]).toMatchObject({
      name: 'data',
      uri: 'runs/r1/tasks/make/1/data',
      size: 5,
      producer: { runId: 'r1', task: 'make', attempt: 1 },
    });
    expect(await world.state('r1')).toEqual(state);
  });

  it('fills placeholders of constants with inputs and facts of the run', async () => {
    const world = memoryWorld({ say: ({ text }) => ({ Output: text('text') }) });
    const compiled = pipelineOf({
      parameters: { who: 'STRING' },
      tasks: {
        say: {
          parameters: {
            'pipelinechannel--who': '$who',
            text: { constant: "{{$.inputs.parameters['pipelinechannel--who']}} in {{$.pipeline_job_name}}" },
          },
          returns: { Output: 'STRING' },
        },
      },
      returns: { said: 'say.Output' },
    });
    const state = await world.run({ compiled, runId: 'r1', parameters: { who: 'me' } });
    expect(state.outputs.parameters).toEqual({ said: 'me in r1' });
    expect(state.tasks[0]).toMatchObject({
      cache: 'off',
      reason: 'its input "text" is different in every run',
    });
  });

  it('fills placeholders inside lists and objects, as texts', async () => {
    const world = memoryWorld({ say: ({ text }) => ({ Output: text('list') }) });
    const n = "{{$.inputs.parameters['pipelinechannel--n']}}";
    const compiled = pipelineOf({
      parameters: { n: 'NUMBER_INTEGER' },
      tasks: {
        say: {
          parameters: { 'pipelinechannel--n': '$n', list: { constant: [n, { deep: [`n is ${n}`, 3] }] } },
          returns: { Output: 'STRING' },
        },
      },
      returns: { said: 'say.Output' },
    });
    const state = await world.run({ compiled, runId: 'r1', parameters: { n: 2 } });
    expect(state.outputs.parameters).toEqual({ said: '["2",{"deep":["n is 2",3]}]' });
  });

  it('runs independent tasks side by side, up to the limit', async () => {
    let now = 0;
    let most = 0;
    const world = memoryWorld({
      nap: async () => {
        most = Math.max(most, ++now);
        await wait(5);
        now -= 1;
      },
    });
    const tasks = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`nap-${i}`, { runs: 'nap', cache: false }]),
    );
    const state = await world.run({ compiled: pipelineOf({ tasks }), runId: 'r1', concurrency: 3 });
    expect(state.status).toBe('succeeded');
    expect(most).toBe(3);
  });

  it('skips what needs a failed task, finishes the rest, and says why', async () => {
    const world = memoryWorld({
      ...bodies,
      count: () => {
        throw new Fails('no idea');
      },
      other: () => ({ Output: 'x' }),
    });
    const compiled = pipelineOf({
      tasks: {
        make: { parameters: { text: { constant: 'a' } }, writes: { data: 'system.Dataset' } },
        count: { artifacts: { data: 'make.data' }, returns: { Output: 'NUMBER_INTEGER' } },
        show: { parameters: { n: 'count.Output' }, returns: { Output: 'STRING' } },
        other: { returns: { Output: 'STRING' } },
        report: { runs: 'other', after: ['show'], always: true, returns: { Output: 'STRING' } },
      },
    });
    const state = await world.run({ compiled, runId: 'r1' });
    expect(statuses(state)).toEqual({
      make: 'succeeded',
      count: 'failed',
      show: 'skipped',
      other: 'succeeded',
      // Two tasks that are the same computation: the second is a hit of the first.
      report: 'cached',
    });
    expect(state).toMatchObject({ status: 'failed', failure: { problem: 'no idea' } });
    expect(state.tasks.find((task) => task.name === 'show')?.reason).toBe('"count" failed');
  });

  it('attempts a task again as its policy says, and then no more', async () => {
    let tries = 0;
    const world = memoryWorld({
      flaky: () => {
        if (++tries < 3) throw new Fails(`try ${tries}`);
      },
      broken: () => {
        throw new Fails('always');
      },
      hopeless: () => {
        throw new Fails('no use', false);
      },
    });
    const retry = { maxRetryCount: 2, backoffDuration: '10s', backoffFactor: 3 };
    const compiled = pipelineOf({ tasks: { flaky: { retry }, broken: { retry }, hopeless: { retry } } });
    const state = await world.run({ compiled, runId: 'r1' });
    expect(state.tasks.map(({ name, status, attempts }) => [name, status, attempts])).toEqual([
      ['flaky', 'succeeded', 3],
      ['broken', 'failed', 3],
      ['hopeless', 'failed', 1],
    ]);
    const waits = world.events.flatMap((event) =>
      event.kind === 'attempt-ended' && event.task === 'broken' ? [event.retryIn] : [],
    );
    expect(waits).toEqual([10_000, 30_000, undefined]);
  });

  it('attempts the tasks of a nested pipeline again by its policy, where they have none of their own', async () => {
    const world = memoryWorld({
      steady: () => ({}),
      broken: () => {
        throw new Fails('always');
      },
    });
    const twice = { maxRetryCount: 1 };
    const inner = {
      tasks: { steady: {}, broken: {}, stubborn: { runs: 'broken', retry: { maxRetryCount: 3 } } },
    };
    const deep = { tasks: { steady: {}, inner: { dag: inner } } };
    const compiled = pipelineOf({ tasks: { deep: { dag: deep, retry: twice } } });
    const state = await world.run({ compiled, runId: 'r1', caching: 'off' });
    const attempts = Object.fromEntries(state.tasks.map(({ name, attempts: count }) => [name, count]));
    expect(attempts).toEqual({
      deep: 0,
      'deep/steady': 1,
      'deep/inner': 0,
      'deep/inner/steady': 1,
      'deep/inner/broken': 2,
      'deep/inner/stubborn': 4,
    });
  });

  it('runs nested pipelines, whose tasks have paths', async () => {
    const world = memoryWorld(bodies);
    const state = await world.run({ compiled: nested, runId: 'r1', parameters: { text: 'four' } });
    expect(state.outputs.parameters).toEqual({ size: 4, again: 4 });
    expect(statuses(state)).toEqual({
      inner: 'succeeded',
      again: 'cached',
      'inner/make': 'succeeded',
      'inner/count': 'succeeded',
    });
  });

  it('fails where a component gives no value, or one of another type', async () => {
    const world = memoryWorld({ nothing: () => undefined, text: () => ({ Output: 'three' }) });
    const compiled = pipelineOf({
      tasks: { nothing: { returns: { Output: 'STRING' } }, text: { returns: { Output: 'NUMBER_INTEGER' } } },
    });
    const state = await world.run({ compiled, runId: 'r1' });
    expect(state.tasks.map((task) => task.failure?.problem)).toEqual([
      'the task "nothing" gave no value for its output "Output"',
      'the task "text" gave "three" for its output "Output", which is NUMBER_INTEGER',
    ]);
  });

  it('runs one task and what it needs, where only that is asked for', async () => {
    const world = memoryWorld(bodies);
    const state = await world.run({ compiled: chain, runId: 'r1', parameters: { text: 'a' }, only: 'count' });
    expect(statuses(state)).toEqual({ make: 'succeeded', count: 'succeeded', show: 'skipped' });
    expect(state.status).toBe('succeeded');
  });

  it('runs one task of a nested pipeline, whose other outputs are not missed', async () => {
    const world = memoryWorld(bodies);
    const request = { compiled: nested, parameters: { text: 'a' } };
    const state = await world.run({ ...request, runId: 'r1', only: 'inner/make' });
    expect(state).toMatchObject({ status: 'succeeded' });
    expect(statuses(state)).toEqual({
      inner: 'succeeded',
      again: 'skipped',
      'inner/make': 'succeeded',
      'inner/count': 'skipped',
    });
    expect(state.tasks.find(({ name }) => name === 'inner/count')?.reason).toBe(
      'not needed for "inner/make"',
    );
  });

  it('runs a task and all after it anew, where it is to start from there', async () => {
    const world = memoryWorld(bodies);
    await world.run({ compiled: chain, runId: 'r1', parameters: { text: 'a' } });
    const state = await world.run({ compiled: chain, runId: 'r2', parameters: { text: 'a' }, from: 'count' });
    expect(statuses(state)).toEqual({ make: 'cached', count: 'succeeded', show: 'succeeded' });
  });

  it('ends what runs and skips the rest when it is cancelled from elsewhere', async () => {
    const world = memoryWorld({
      long: ({ attempt }) =>
        new Promise<void>((resolve) => {
          attempt.signal.addEventListener('abort', () => resolve());
          void world.ports.runs.requestCancel('r1', 'enough');
        }),
      next: () => undefined,
    });
    const compiled = pipelineOf({ tasks: { long: {}, next: { after: ['long'] } } });
    const state = await world.run({ compiled, runId: 'r1' });
    expect(state.status).toBe('cancelled');
    expect(statuses(state)).toEqual({ long: 'cancelled', next: 'skipped' });
  });

  it('is cancelled by its own signal, before it begins or while it waits for a retry', async () => {
    const world = memoryWorld({
      broken: () => {
        throw new Fails('again');
      },
    });
    const stop = new AbortController();
    const ports = {
      ...world.ports,
      clock: {
        ...world.ports.clock,
        sleep: (_: number, signal: AbortSignal) =>
          new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve());
            stop.abort();
          }),
      },
    };
    const compiled = pipelineOf({
      tasks: { broken: { retry: { maxRetryCount: 9, backoffDuration: '60s' } } },
    });
    const request = { compiled, parameters: {}, caching: 'on', concurrency: 1 } as const;
    const state = await startRun({ ...request, runId: 'r1' }, ports, { signal: stop.signal });
    expect(state).toMatchObject({ status: 'cancelled', tasks: [{ status: 'cancelled', attempts: 1 }] });
    const second = await startRun({ ...request, runId: 'r2' }, ports, { signal: stop.signal });
    expect(second).toMatchObject({ status: 'cancelled', tasks: [{ attempts: 0 }] });
  });

  it('refuses by name all that is broken, before anything starts', async () => {
    const world = memoryWorld({});
    const good = pipelineOf({
      tasks: {
        a: { returns: { Output: 'STRING' } },
        b: { parameters: { x: 'a.Nothing' } },
        c: { after: ['d'] },
        d: { after: ['c'] },
        '../up': {},
      },
    });
    const tasks = good.spec.root.dag?.tasks ?? {};
    const loop = {
      ...tasks['a'],
      taskInfo: { name: 'loop' },
      componentRef: { name: 'comp-a' },
      parameterIterator: { itemInput: 'x', items: { raw: '{}' } },
      triggerPolicy: { condition: "inputs.parameter_values['x'] == 'it's'" },
    };
    const compiled = { spec: { ...good.spec, root: { dag: { tasks: { ...tasks, loop } } } } };
    const error: unknown = await world.run({ compiled, runId: 'r1' }).catch((thrown: unknown) => thrown);
    expect(
      String(error)
        .split('\n')
        .filter((line) => line.startsWith('FER') || line.includes('FER4')),
    ).toEqual([
      expect.stringContaining(
        'FER4002  the input "x" of "b" takes the output "Nothing" of "a", which has none',
      ),
      'FER4006  the task name "../up" cannot be a part of a path',
      expect.stringContaining('FER4002  the condition of "loop" does not read: '),
      expect.stringContaining('FER4002  the loop "loop" goes over {}, which is no list'),
      'FER4002  tasks wait for each other: c -> d -> c',
    ]);
    expect(await world.ports.runs.list()).toEqual([]);
  });

  it('refuses an id that is taken or is no name', async () => {
    const world = memoryWorld(bodies);
    const request = { compiled: chain, parameters: { text: 'a' } };
    await world.run({ ...request, runId: 'r1' });
    await expect(world.run({ ...request, runId: 'r1' })).rejects.toMatchObject({ code: 'FER4004' });
    await expect(world.run({ ...request, runId: '../r1' })).rejects.toMatchObject({ code: 'FER4004' });
  });
});
