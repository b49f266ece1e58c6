import { describe, expect, it } from 'vitest';
import { resumeRun, type RunState } from '../../engine/index.ts';
import { localPathOf, type TaskSpec } from '../../spec/index.ts';
import { anyDigest, Fails, memoryWorld, type Call } from './memory.ts';
import { pipelineOf, type TaskDraft } from './pipelines.ts';

function statuses(state: RunState): Record<string, string> {
  return Object.fromEntries(state.tasks.map((task) => [task.name, task.status]));
}

function task(state: RunState, name: string): RunState['tasks'][number] | undefined {
  return state.tasks.find((one) => one.name === name);
}

const over = (items: unknown, limit?: number): Partial<TaskSpec> => ({
  parameterIterator: { itemInput: 'item', items: { raw: JSON.stringify(items) } },
  ...(limit !== undefined && { iteratorPolicy: { parallelismLimit: limit } }),
});
const only = (condition: string): Partial<TaskSpec> => ({ triggerPolicy: { condition } });
const anyway: Partial<TaskSpec> = { triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' } };

/** A group that an exit task waits for, with what it is told of it. */
function guarded(tasks: Readonly<Record<string, TaskDraft>>) {
  const compiled = pipelineOf({
    tasks: {
      body: { dag: { tasks } },
      exit: {
        after: ['body'],
        more: {
          ...anyway,
          inputs: { parameters: { status: { taskFinalStatus: { producerTask: 'body' } } } },
        },
      },
    },
  });
  // An exit task shows by the name of the component that it waits for.
  return JSON.parse(
    JSON.stringify(compiled).replaceAll('"comp-body"', '"comp-exit-handler-1"'),
  ) as typeof compiled;
}

/** Inputs of drafts are texts. */
const bodies = {
  one: ({ text }: Call) => ({ Output: Number(text('item')) }),
  same: ({ text }: Call) => ({ Output: Number(text('x')) }),
  exit: () => ({}),
};

const one: TaskDraft = { runs: 'one', returns: { Output: 'NUMBER_INTEGER' } };

describe('a loop', () => {
  it('has no more iterations open at a time than its limit, and none that are done', async () => {
    let open = 0;
    let most = 0;
    const world = memoryWorld({
      one: async ({ parameters }) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open -= 1;
        return { Output: parameters['item'] ?? null };
      },
    });
    const items = Array.from({ length: 40 }, (_, index) => index);
    const compiled = pipelineOf({ tasks: { loop: { ...one, more: over(items, 3) } } });
    const state = await world.run({ compiled, runId: 'r', concurrency: 16, caching: 'off' });
    expect(task(state, 'loop')?.outputs?.parameters).toEqual({ Output: items });
    expect(most).toBe(3);
  });

  it('of many items opens few at a time, and says what each holds once', async () => {
    const world = memoryWorld(bodies);
    const items = Array.from({ length: 1000 }, (_, index) => index);
    const inner = { parameters: { item: '$item' }, returns: { Output: 'NUMBER_INTEGER' } } as const;
    const dag = {
      parameters: { item: 'NUMBER_INTEGER' },
      tasks: { t: { ...inner, runs: 'one' } },
      returns: { Output: 't.Output' },
    } as const;
    const compiled = pipelineOf({
      tasks: { loop: { dag, more: over(items) } },
      returns: { all: 'loop.Output' },
    });
    const state = await world.run({ compiled, runId: 'r', caching: 'off' });
    expect(state.outputs.parameters['all']).toEqual(items);
    let open = 0;
    let most = 0;
    for (const event of world.events) {
      if (event.kind === 'iterations-opened') open += event.count;
      if (event.kind === 'task-succeeded' && /^loop\/\d+$/.test(event.task)) open -= 1;
      most = Math.max(most, open);
    }
    expect(most).toBeLessThanOrEqual(64);
    expect(world.events.filter(({ kind }) => kind === 'tasks-added')).toHaveLength(1);
    expect(world.events.filter(({ kind }) => kind === 'loop-opened')).toHaveLength(1);
  });

  it('finds equal iterations in the cache: which one it is, is no part of a key', async () => {
    const world = memoryWorld(bodies);
    const compiled = pipelineOf({ tasks: { loop: { ...one, more: over([7, 7, 7], 1) } } });
    const state = await world.run({ compiled, runId: 'r' });
    expect(world.ran).toEqual(['r/loop/0/1']);
    expect(statuses(state)).toMatchObject({ 'loop/0': 'succeeded', 'loop/1': 'cached', 'loop/2': 'cached' });
  });

  it('runs all that it can where some fail, and says how many did', async () => {
    const world = memoryWorld({
      one: ({ parameters }) => {
        if (Number(parameters['item']) % 2 === 1) throw new Fails(`no ${Number(parameters['item'])}`, false);
        return { Output: 0 };
      },
    });
    const compiled = pipelineOf({ tasks: { loop: { ...one, more: over([0, 1, 2, 3, 4]) } } });
    const state = await world.run({ compiled, runId: 'r', concurrency: 1 });
    expect(state.failure?.problem).toBe('2 of the 5 iterations of "loop" failed, the first of them so: no 1');
    expect(Object.values(statuses(state)).filter((status) => status === 'failed')).toHaveLength(3);
    expect(task(state, 'loop')?.outputs).toBeUndefined();
  });

  it('attempts what is in it again, by its own policy or by that of the group around', async () => {
    const world = memoryWorld({
      one: ({ parameters, attempt }) => {
        if (attempt.number < 3) throw new Fails('not yet');
        return { Output: Number(parameters['item']) };
      },
    });
    const retryPolicy = { maxRetryCount: 2 };
    const dag = {
      tasks: {
        t: { runs: 'one', parameters: { item: { constant: 1 } }, returns: { Output: 'NUMBER_INTEGER' } },
      },
    } as const;
    const compiled = pipelineOf({
      tasks: {
        loop: { ...one, more: { ...over([1, 2]), retryPolicy } },
        group: { dag, more: { retryPolicy } },
      },
    });
    const state = await world.run({ compiled, runId: 'r', caching: 'off' });
    expect(state.status).toBe('succeeded');
    expect(world.ran).toHaveLength(9);
  });

  it.each([
    ['a number', 5, 'FER4014', 'the loop "loop" cannot begin: it takes a list, and got 5'],
    ['a text', 'abc', 'FER4014', 'the loop "loop" cannot begin: it takes a list, and got abc'],
  ])('over %s fails', async (_, value, code, problem) => {
    const world = memoryWorld(bodies);
    const more = { parameterIterator: { itemInput: 'item', items: { inputParameter: 'xs' } } };
    const compiled = pipelineOf({
      tasks: { loop: { ...one, parameters: { xs: { constant: value } }, more } },
    });
    expect((await world.run({ compiled, runId: 'r' })).failure).toMatchObject({ code, problem });
  });

  it('fails where an item lacks a field, or is not what a component takes, and names the iteration', async () => {
    const world = memoryWorld(bodies);
    const parameters = {
      x: { componentInputParameter: 'item', parameterExpressionSelector: 'parseJson(string_value)["a"]' },
    };
    const t: TaskDraft = {
      runs: 'same',
      parameterTypes: { x: { parameterType: 'NUMBER_INTEGER' } },
      returns: { Output: 'NUMBER_INTEGER' },
      more: { inputs: { parameters } },
    };
    const dag = { parameters: { item: 'STRUCT' }, tasks: { t } } as const;
    const compiled = pipelineOf({ tasks: { loop: { dag, more: over([{ a: 1 }, { b: 2 }, { a: 'x' }]) } } });
    const state = await world.run({ compiled, runId: 'r' });
    expect(task(state, 'loop/0/t')?.status).toBe('succeeded');
    expect(task(state, 'loop/1/t')?.failure).toMatchObject({
      code: 'FER4015',
      problem: 'the input "x" of "loop/1/t" takes parseJson(string_value)["a"] of {"b":2}: No such key: a',
    });
    expect(task(state, 'loop/2/t')?.failure).toMatchObject({
      code: 'FER4016',
      problem: 'the task "loop/2/t" got "x" for its input "x", which is NUMBER_INTEGER',
    });
  });

  it('runs one iteration where only that is asked for, or one task of all of them', async () => {
    const world = memoryWorld(bodies);
    const t = (name: string): TaskDraft => ({
      runs: name,
      parameters: { item: '$item' },
      returns: { Output: 'NUMBER_INTEGER' },
    });
    const dag = { parameters: { item: 'NUMBER_INTEGER' }, tasks: { a: t('one'), b: t('one') } } as const;
    const compiled = pipelineOf({ tasks: { loop: { dag, more: over([1, 2, 3]) }, other: one } });
    const first = await world.run({ compiled, runId: 'r1', only: 'loop/1/a' });
    expect(first.status).toBe('succeeded');
    expect(statuses(first)).toEqual({
      loop: 'succeeded',
      other: 'skipped',
      'loop/1': 'succeeded',
      'loop/1/a': 'succeeded',
      'loop/1/b': 'skipped',
    });
    world.ran.length = 0;
    await world.run({ compiled, runId: 'r2', from: 'b' });
    expect(world.ran.filter((name) => name.startsWith('r2/loop/'))).toHaveLength(3 + 2);
    await expect(world.run({ compiled, runId: 'r3', only: 'loop/x/a' })).rejects.toMatchObject({
      errors: [{ code: 'FER4003' }],
    });
  });
});

describe('a condition', () => {
  it('that is false skips what comes after too, and is no failure', async () => {
    const world = memoryWorld(bodies);
    const x: TaskDraft = {
      runs: 'same',
      parameters: { x: { constant: 1 } },
      returns: { Output: 'NUMBER_INTEGER' },
    };
    const after: TaskDraft = { ...x, parameters: { x: 'inner.Output' } };
    const compiled = pipelineOf({
      tasks: {
        never: { ...x, more: only("inputs.parameter_values['x'] == 2") },
        next: { ...x, after: ['never'] },
        inner: {
          dag: {
            tasks: { never: { ...x, more: only('false') }, fed: { ...x, parameters: { x: 'never.Output' } } },
            returns: { Output: 'fed.Output' },
          },
        },
        after,
        careless: {
          ...after,
          parameterTypes: { x: { parameterType: 'NUMBER_INTEGER', isOptional: true } },
          returns: {},
        },
        anyway: { ...x, after: ['never'], more: anyway },
      },
      returns: { after: 'after.Output', anyway: 'anyway.Output' },
    });
    const state = await world.run({ compiled, runId: 'r' });
    expect(state).toMatchObject({ status: 'succeeded', outputs: { parameters: { anyway: 1 } } });
    expect(statuses(state)).toEqual({
      never: 'skipped',
      next: 'skipped',
      inner: 'succeeded',
      after: 'skipped',
      careless: 'succeeded',
      anyway: 'succeeded',
      'inner/never': 'skipped',
      'inner/fed': 'skipped',
    });
    expect(task(state, 'never')?.reason).toBe('its condition is false: x == 2, where x is "1"');
    expect(task(state, 'after')?.reason).toBe(
      '"inner" gave no "Output": what makes it did not run, because a condition was false',
    );
  });

  it.each([
    ["inputs.parameter_values['x'] != 'none'", true],
    ["inputs.parameter_values['x'] == 'none'", false],
    ["inputs.parameter_values['x'] == null", true],
  ])('sees null in the place of what was not given: %s', async (condition, runs) => {
    const world = memoryWorld(bodies);
    const group = { dag: { tasks: {} }, parameters: { x: '$x' }, more: only(condition) } as const;
    const compiled = pipelineOf({ parameters: { x: 'STRING' }, tasks: { group } });
    const state = await world.run({ compiled, runId: 'r' });
    expect(statuses(state)).toEqual({ group: runs ? 'succeeded' : 'skipped' });
  });

  it.each([
    ["inputs.parameter_values['x'] > 3", 'no such overload: dyn<string> > int'],
    ["inputs.parameter_values['y'] == 3", 'No such key: y'],
    ["inputs.parameter_values['x']", 'it gives a value of the kind string, not true or false'],
  ])('that is in error fails its task: %s', async (condition, problem) => {
    const world = memoryWorld(bodies);
    const compiled = pipelineOf({
      tasks: {
        t: {
          runs: 'same',
          parameters: { x: { constant: 'text' } },
          returns: { Output: 'STRING' },
          more: only(condition),
        },
      },
    });
    const { failure } = await world.run({ compiled, runId: 'r' });
    expect(failure).toMatchObject({ code: 'FER4015' });
    expect(failure?.problem).toContain(`the condition of "t" cannot be evaluated: ${problem}. It is `);
  });
});

describe('an exit task', () => {
  it('is told that what it waits for was cancelled, and runs to its end', async () => {
    const told: unknown[] = [];
    const world = memoryWorld({
      slow: ({ attempt }) =>
        new Promise<void>((resolve) => {
          attempt.signal.addEventListener('abort', () => resolve());
          void world.ports.runs.requestCancel('r', 'enough');
        }),
      exit: async ({ parameters, attempt }) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        told.push(parameters['status'], attempt.signal.aborted);
      },
    });
    const state = await world.run({ compiled: guarded({ slow: {} }), runId: 'r' });
    expect(statuses(state)).toEqual({ body: 'cancelled', exit: 'succeeded', 'body/slow': 'cancelled' });
    expect(state.status).toBe('cancelled');
    expect(told).toEqual([
      {
        state: 'CANCELLED',
        pipelineTaskName: 'body',
        pipelineJobResourceName: 'r',
        error: { code: 1, message: 'The task body was cancelled.' },
      },
      false,
    ]);
  });

  it('ends where the run is cancelled a second time', async () => {
    const world = memoryWorld({
      slow: () => {
        throw new Fails('as it should', false);
      },
      exit: ({ attempt }) =>
        new Promise<void>((resolve) => {
          attempt.signal.addEventListener('abort', () => resolve());
          void world.ports.runs.requestCancel('r', 'enough');
          setTimeout(() => void world.ports.runs.requestCancel('r', 'really'), 50);
        }),
    });
    const state = await world.run({ compiled: guarded({ slow: {} }), runId: 'r' });
    expect(statuses(state)).toEqual({ body: 'failed', exit: 'cancelled', 'body/slow': 'failed' });
    expect(state.status).toBe('cancelled');
  });

  it('runs in every run, whatever the cache has, and again when a run is taken up', async () => {
    const world = memoryWorld({ ...bodies, work: () => ({}) });
    const compiled = guarded({ work: {} });
    await world.run({ compiled, runId: 'r1' });
    const second = await world.run({ compiled, runId: 'r2' });
    expect(statuses(second)).toEqual({ body: 'succeeded', exit: 'succeeded', 'body/work': 'cached' });
    expect(task(second, 'exit')?.reason).toBe('an exit task runs in every run');
    world.bodies.set('work', () => {
      throw new Fails('now it does not', false);
    });
    await world.run({ compiled, runId: 'r3', caching: 'off' });
    world.bodies.set('work', () => ({}));
    const mended = await resumeRun('r3', world.ports);
    expect(mended.status).toBe('succeeded');
    expect(world.ran.filter((name) => name.startsWith('r3/exit'))).toEqual(['r3/exit/1', 'r3/exit/2']);
    expect(await world.state('r3')).toEqual(mended);
  });
});

describe('a group', () => {
  it('hands on a parameter that was not given; a task that needs it misses it', async () => {
    const world = memoryWorld({
      ...bodies,
      free: ({ parameters }) => ({ Output: Object.keys(parameters).length }),
    });
    const x = { x: '$pipelinechannel--x' };
    const optional = { x: { parameterType: 'NUMBER_INTEGER', isOptional: true } } as const;
    const given: TaskDraft = {
      runs: 'free',
      parameters: x,
      parameterTypes: optional,
      returns: { Output: 'NUMBER_INTEGER' },
    };
    const run = (tasks: Readonly<Record<string, TaskDraft>>, runId: string) => {
      const dag = { parameters: { 'pipelinechannel--x': 'NUMBER_INTEGER' }, tasks } as const;
      const group = { dag, parameters: { 'pipelinechannel--x': '$x' }, more: only('true') };
      const compiled = pipelineOf({ parameters: { x: 'NUMBER_INTEGER' }, tasks: { group } });
      return world.run({ compiled, runId });
    };
    const free = await run({ free: given }, 'r1');
    expect(task(free, 'group/free')?.outputs?.parameters).toEqual({ Output: 0 });
    const { parameterTypes: _, ...needs } = given;
    expect((await run({ needs }, 'r2')).failure).toMatchObject({
      code: 'FER4007',
      problem: 'the task "group/needs" got no value for its input "x"',
    });
  });
});

describe('an importer', () => {
  it('names data of this machine where it lies, and fills metadata at any depth', async () => {
    const world = memoryWorld(
      {
        use: ({ attempt }) => ({ Output: attempt.input.inputs.artifacts?.['data']?.artifacts[0]?.uri ?? '' }),
      },
      ({ outsideData, artifacts }) => ({
        outsideData: { ...outsideData, resolve: (location) => `/project/${location}` },
        artifacts: {
          ...artifacts,
          locate: (uri) => (uri.startsWith('/') ? uri : `gs://runs-and-data/${uri}`),
        },
      }),
    );
    const importer = {
      artifactUri: { constant: 'data.csv' },
      typeSchema: { schemaTitle: 'system.Dataset' },
      metadata: {
        deep: [{ n: "{{$.inputs.parameters['n']}}" }, "no {{$.inputs.parameters['n']}}"],
        by: '{{$.pipeline_job_name}} {{$.pipeline_task_name}} {{$.workspace_path}}/x {{$.pipeline_root}}',
      },
    };
    const compiled = pipelineOf({
      tasks: {
        data: { importer, parameters: { n: { constant: 3 } }, writes: { artifact: 'system.Dataset' } },
        use: { artifacts: { data: 'data.artifact' }, returns: { Output: 'STRING' } },
      },
      returns: { uri: 'use.Output' },
    });
    const state = await world.run({ compiled, runId: 'r' });
    expect(state.outputs.parameters).toEqual({ uri: '/project/data.csv' });
    expect(task(state, 'data')?.outputs?.artifacts['artifact']?.[0]?.metadata).toEqual({
      deep: [{ n: 3 }, 'no 3'],
      by: 'r data /kfp-workspace/x gs://runs-and-data',
    });
  });
});

describe('an importer that downloads to the workspace', () => {
  const importer = {
    artifactUri: { constant: 'gs://b/photos' },
    typeSchema: { schemaTitle: 'system.Dataset' },
    downloadToWorkspace: true,
  };
  const compiled = pipelineOf({
    tasks: {
      data: { importer, writes: { artifact: 'system.Dataset' } },
      use: { artifacts: { data: 'data.artifact' }, returns: { Output: 'STRING' } },
    },
    returns: { seen: 'use.Output' },
  });
  const bodies = {
    use: ({ attempt }: Call) => {
      const [given] = attempt.input.inputs.artifacts?.['data']?.artifacts ?? [];
      return { Output: given === undefined ? '' : localPathOf(given) };
    },
  };

  it('has it copied, and tells what uses it where it lies', async () => {
    const kept: unknown[] = [];
    const world = memoryWorld(bodies, ({ runner, artifacts }) => ({
      artifacts: { ...artifacts, fetch: async ({ uri }) => `/here/${uri.slice(5)}` },
      runner: { ...runner, keepInWorkspace: async (id, { uri }, from) => void kept.push([id, uri, from]) },
    }));
    world.outside.set('gs://b/photos', anyDigest(1));
    const state = await world.run({ compiled, runId: 'r' });
    expect(kept).toEqual([['r', 'gs://b/photos', '/here/b/photos']]);
    expect(state.outputs.parameters).toEqual({ seen: '/kfp-workspace/.artifacts/gcs/b/photos' });
    expect(state.warnings).toEqual([]);
  });

  it('fails where it cannot be copied, and says what and why', async () => {
    const world = memoryWorld(bodies, ({ runner, artifacts }) => ({
      artifacts: { ...artifacts, fetch: async ({ uri }) => uri },
      runner: { ...runner, keepInWorkspace: async () => Promise.reject(new Error('no space left')) },
    }));
    world.outside.set('gs://b/photos', anyDigest(1));
    const state = await world.run({ compiled, runId: 'r' });
    expect(state.failure).toMatchObject({
      code: 'FER4019',
      problem: '"data" cannot copy gs://b/photos into the workspace: no space left',
    });
  });

  it('warns where nobody reaches the workspace from here', async () => {
    const world = memoryWorld(bodies, ({ artifacts }) => ({
      artifacts: { ...artifacts, fetch: async ({ uri }) => uri },
    }));
    world.outside.set('gs://b/photos', anyDigest(1));
    const state = await world.run({ compiled, runId: 'r' });
    expect(state.outputs.parameters).toEqual({ seen: '/gcs/b/photos' });
    expect(state.warnings).toMatchObject([{ code: 'FER4018', task: 'data' }]);
  });
});

describe('a pipeline', () => {
  it('that takes longer than its deadline fails, after its exit task', async () => {
    const world = memoryWorld({
      slow: ({ attempt }) =>
        new Promise<void>((resolve) => attempt.signal.addEventListener('abort', () => resolve())),
      exit: () => undefined,
    });
    const compiled = {
      ...guarded({ slow: {} }),
      platform: { platforms: { kubernetes: { pipelineConfig: { activeDeadlineSeconds: 60 } } } },
    };
    const state = await world.run({ compiled, runId: 'r' });
    expect(state).toMatchObject({
      status: 'failed',
      failure: { code: 'FER4017', problem: 'the run took longer than the 60 s that its pipeline gives it' },
    });
    expect(statuses(state)).toMatchObject({ exit: 'succeeded' });
  });

  it('is told where its own root is not that of the run', async () => {
    const world = memoryWorld(bodies);
    const { spec } = pipelineOf({ tasks: { one: { ...one, parameters: { item: { constant: 1 } } } } });
    const state = await world.run({
      compiled: { spec: { ...spec, defaultPipelineRoot: 'gs://there' } },
      runId: 'r',
    });
    expect(state.warnings).toMatchObject([
      { code: 'FER4018', message: expect.stringContaining('--root gs://there') },
    ]);
  });

  it('gives a task a key of its own in place of its inputs', async () => {
    const world = memoryWorld(bodies);
    const compiled = (x: number, cacheKey: string) =>
      pipelineOf({
        tasks: {
          t: {
            runs: 'same',
            parameters: { x: { constant: x } },
            cacheKey,
            returns: { Output: 'NUMBER_INTEGER' },
          },
        },
      });
    await world.run({ compiled: compiled(1, 'k'), runId: 'r1' });
    const second = await world.run({ compiled: compiled(2, 'k'), runId: 'r2' });
    expect(task(second, 't')).toMatchObject({ status: 'cached', outputs: { parameters: { Output: 1 } } });
    const third = await world.run({ compiled: compiled(2, 'other'), runId: 'r3' });
    expect(task(third, 't')).toMatchObject({ status: 'succeeded', outputs: { parameters: { Output: 2 } } });
  });
});
