import { beforeAll, describe, expect, it } from 'vitest';
import { findTask, findTasks } from '../../cli/find-task.ts';
import { plainProgress } from '../../cli/progress/plain-progress.ts';
import { summaryOf } from '../../cli/progress/summary.ts';
import { taskLines } from '../../cli/progress/task-lines.ts';
import type { RunState } from '../../engine/index.ts';
import { Fails, memoryWorld, type MemoryWorld } from '../engine/memory.ts';
import { pipelineOf } from '../engine/pipelines.ts';

const paint = (_: unknown, text: string): string => text;

async function ran(count: number, failing: (item: number) => boolean): Promise<[RunState, MemoryWorld]> {
  const world = memoryWorld({
    work: ({ text }) => {
      if (failing(Number(text('item')))) throw new Fails(`no ${text('item')}`, false);
      return {};
    },
  });
  const items = Array.from({ length: count }, (_, index) => index);
  const dag = { parameters: { item: 'STRING' }, tasks: { work: { parameters: { item: '$item' } } } } as const;
  const more = { parameterIterator: { itemInput: 'item', items: { raw: JSON.stringify(items) } } };
  const compiled = pipelineOf({ tasks: { loop: { dag, more } } });
  return [await world.run({ compiled, runId: 'r', caching: 'off' }), world];
}

const options = { paint, frame: 0, now: 0, width: 100, lastLines: new Map<string, string>() };
const lines = (state: RunState): string[] =>
  taskLines(state, options)
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\d+ ms|\d\.\d s/g, '')
        .replaceAll(/ {2,}/g, ' ')
        .trim(),
    );

describe('a loop of a thousand iterations', () => {
  let state: RunState;
  let world: MemoryWorld;
  beforeAll(async () => {
    [state, world] = await ran(1000, (item) => item >= 985);
  });

  it('is one line, and one for each of the first failures', () => {
    expect(lines(state)).toEqual([
      '✗ loop 985 of 1000, 15 failed',
      ...Array.from({ length: 10 }, (_, index) => `✗ loop/${985 + index}/work no ${985 + index}`),
      'and 5 more failures in loops',
    ]);
  });

  it('says now and then how far it is, and what failed, in plain lines', () => {
    const said: string[] = [];
    const progress = plainProgress((text) => said.push(text.trimEnd()), paint);
    for (const event of world.events) progress.event(event);
    expect(said.filter((line) => /^loop \d+ of/.test(line))).toHaveLength(10);
    expect(said.filter((line) => line.startsWith('loop/'))).toEqual(
      Array.from({ length: 15 }, (_, index) => `loop/${985 + index}/work failed: FER6001 no ${985 + index}`),
    );
    expect(said.length).toBeLessThan(40);
  });

  it('is summed up by what failed by itself, the first of it in full', () => {
    const summary = summaryOf(state, (uri) => uri, paint);
    expect(summary).toContain('985 ran, 15 failed');
    expect(summary.match(/^FER6001/gm)).toHaveLength(10);
    expect(summary).toContain('5 more failed: ferrule show --json r');
    expect(summary).not.toContain('FER6001  loop:');
  });
});

describe('a loop that was cancelled', () => {
  it('counts what it never began as skipped', async () => {
    const world = memoryWorld({
      work: async ({ text, attempt }) => {
        if (Number(text('item')) < 3) return {};
        await world.ports.runs.requestCancel('r', 'enough');
        await new Promise<void>((resolve) => {
          attempt.signal.addEventListener('abort', () => resolve());
        });
        return {};
      },
    });
    const more = {
      parameterIterator: { itemInput: 'item', items: { raw: JSON.stringify([...Array(100).keys()]) } },
      iteratorPolicy: { parallelismLimit: 2 },
    };
    const compiled = pipelineOf({
      tasks: { loop: { runs: 'work', more, parameterTypes: { item: { parameterType: 'NUMBER_INTEGER' } } } },
    });
    const state = await world.run({ compiled, runId: 'r', caching: 'off' });
    const { done, rest } =
      /^. loop (?<done>\d+) of 100, (?<rest>\d+) skipped$/.exec(lines(state)[0] ?? '')?.groups ?? {};
    expect(Number(done) + Number(rest)).toBe(100);
    expect(Number(done)).toBe(3);
    expect(summaryOf(state, (uri) => uri, paint)).toMatch(/3 ran, 2 cancelled, 95 iterations never begun/);
  });
});

describe('a loop of a few iterations', () => {
  it('is shown in full, below its group, with the items', async () => {
    const [state] = await ran(2, () => false);
    expect(lines(state)).toEqual([
      '✓ loop 2 of 2',
      '✓ loop/0 0',
      '✓ loop/0/work',
      '✓ loop/1 1',
      '✓ loop/1/work',
    ]);
  });
});

describe('a task', () => {
  const tasks = ['a', 'group', 'group/train', 'loop', 'loop/0', 'loop/0/t', 'loop/1', 'loop/1/t'].map(
    (name) => ({ name }),
  );
  const found = (text: string): string[] => findTasks('r', text, tasks).map(({ name }) => name);

  it('is found by its path, by the end of it, and with all of its group', () => {
    expect(found('a')).toEqual(['a']);
    expect(found('train')).toEqual(['group/train']);
    expect(found('loop/1')).toEqual(['loop/1', 'loop/1/t']);
    expect(found('t')).toEqual(['loop/0/t', 'loop/1/t']);
    expect(findTask('r', 'train', tasks)).toBe('group/train');
    expect(findTask('r', 'loop', tasks)).toBe('loop');
  });

  it('that may be several, or none, is told with what there is', () => {
    expect(() => findTask('r', 't', tasks)).toThrow('"t" may mean loop/0/t, loop/1/t');
    expect(() => findTask('r', 'nope', tasks)).toThrow('run r has no task "nope"');
  });
});
