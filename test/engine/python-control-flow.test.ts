import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../engine/index.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { memoryWorld, type MemoryWorld } from './memory.ts';
import { pythonBodies } from './python-bodies.ts';

async function load(name: string): Promise<CompiledPipeline> {
  const file = new URL(`./specs/${name}.yaml`, import.meta.url);
  return readPipelineDocument(await readFile(file, 'utf8'), name);
}

function statuses(state: RunState): Record<string, string> {
  return Object.fromEntries(
    state.tasks.map((task) => [task.name, task.unwanted === true ? 'unwanted' : task.status]),
  );
}

async function run(
  name: string,
  parameters: RunState['parameters'] = {},
  world: MemoryWorld = memoryWorld(pythonBodies),
): Promise<RunState> {
  const state = await world.run({ compiled: await load(name), runId: 'r1', parameters });
  expect(await world.state('r1')).toEqual(state);
  return state;
}

/** The tasks that ran and what each of them gave, by path. */
function given(state: RunState): Record<string, unknown> {
  const ran = state.tasks.filter(({ kind, outputs }) => kind === 'component' && outputs !== undefined);
  return Object.fromEntries(ran.map(({ name, outputs }) => [name, outputs?.parameters['Output']]));
}

describe("a pipeline that Python's kfp compiled", () => {
  it.each([
    ['a', 'is a'],
    ['b', 'is b'],
    ['c', 'is neither'],
  ])('loops, takes the branch for %s, collects, and gives what it made', async (word, chosen) => {
    const state = await run('one-of-all', { n: 3, word });
    expect(state.failure).toBeUndefined();
    expect(state.outputs.parameters).toEqual({ sum: 3, chosen, parts: '<0>+<1>+<2>' });
    const branches = Object.entries(statuses(state)).filter(([name]) => /\/condition-\d$/.test(name));
    expect(branches.map(([, status]) => status).sort()).toEqual(['succeeded', 'unwanted', 'unwanted']);
  });

  it('says of a branch that was not taken what its condition is, and of what', async () => {
    const state = await run('one-of-all', { n: 1, word: 'b' });
    const branch = state.tasks.find(({ name }) => name === 'condition-branches-2/condition-3');
    expect(branch?.reason).toBe('its condition is false: word == \'a\', where word is "b"');
    expect(state.tasks.filter(({ name }) => name.startsWith('condition-branches-2/condition-3/'))).toEqual(
      [],
    );
  });

  it('runs an exit task with the final status of a group that succeeded', async () => {
    const state = await run('whole-thread', { n: 2, word: 'a' });
    expect(state.status).toBe('succeeded');
    expect(given(state)['report']).toBe('SUCCEEDED');
  });

  it('loops over literals, and over fields of objects', async () => {
    const state = await run('literals');
    expect(state.failure).toBeUndefined();
    expect(given(state)).toEqual({
      'for-loop-2/0/number': 1,
      'for-loop-2/1/number': 2,
      'for-loop-2/2/number': 3,
      'for-loop-4/0/text': 'x',
      'for-loop-4/1/text': "it's",
      'for-loop-6/0/number-2': 1,
      'for-loop-6/0/text-2': 'q!',
      'for-loop-6/1/number-2': 2,
      'for-loop-6/1/text-2': 'r!',
    });
    expect(state.tasks.find(({ name }) => name === 'for-loop-6/1')?.item).toBe('{"a":2,"b":"r"}');
  });

  it('loops in loops with conditions in them, and collects lists of lists', async () => {
    const state = await run('nested', { rows: [[1, 2], [], [3]], limit: 1 });
    expect(state.failure).toBeUndefined();
    expect(state.outputs.parameters).toEqual({ Output: 6 });
    const kept = Object.keys(given(state)).filter((name) => name.includes('condition'));
    expect(kept).toHaveLength(2);
  });

  it('takes parts of outputs and of items, and named outputs', async () => {
    const state = await run('fields');
    expect(state.failure).toBeUndefined();
    expect(state.outputs.parameters).toEqual({ Output: 3 });
    const values = Object.values(given(state));
    expect(values).toContain(20);
    expect(values).toEqual(expect.arrayContaining(['x', 'y', 'big']));
    // An item of a list of no known type is a text in a condition, as on KFP's backend, and what it is to a component.
    expect(
      new Set(
        Object.entries(given(state))
          .filter(([name]) => /condition-\d+\/number/.test(name))
          .map(([, value]) => value),
      ),
    ).toEqual(new Set([1, 20]));
  });

  it('loops over nothing, and collects empty lists', async () => {
    const state = await run('empty', { xs: [] });
    expect(state.failure).toBeUndefined();
    expect(state.outputs.parameters).toEqual({ sum: 0, parts: '' });
  });

  it('collects artifacts and loops over artifacts', async () => {
    const state = await run('artifacts');
    expect(state.failure).toBeUndefined();
    expect(Object.values(given(state)).filter((value) => value !== undefined)).toEqual(['1', '2']);
  });

  it.each(['a', 'b'])('takes one of several artifacts for %s', async (word) => {
    const state = await run('chosen-artifact', { word });
    expect(state.outputs.parameters).toEqual({ Output: word === 'a' ? 'A' : 'other' });
  });

  it('runs an exit task after a failure, and fails for the failure', async () => {
    const state = await run('failing');
    expect(state).toMatchObject({ status: 'failed', failure: { problem: 'as it should' } });
    expect(given(state)).toEqual({ report: 'FAILED' });
  });

  it('runs a task that ignores the failure before it', async () => {
    const state = await run('ignoring', { word: 'x' });
    expect(state).toMatchObject({ status: 'failed', outputs: { parameters: { Output: 'x' } } });
  });

  it('runs pipelines with control flow in pipelines, in loops and in branches', async () => {
    const state = await run('sub-pipelines', { n: 2 });
    expect(state.failure).toBeUndefined();
    expect(state.outputs.parameters).toEqual({ Output: 6 });
    expect(statuses(state)['condition-3']).toBe('succeeded');
  });
});
