/** A driver may die after any entry of the log: whichever it is, a resume comes to the same end. */
import { describe, expect, it } from 'vitest';
import { foldRun, resumeRun, type LogEntry, type RunEvent, type RunState } from '../../engine/index.ts';
import { InfrastructureError } from '../../errors/index.ts';
import { Fails, memoryWorld, type Body, type Call, type MemoryWorld } from '../engine/memory.ts';
import { pipelineOf, type TaskDraft } from '../engine/pipelines.ts';

const step: TaskDraft = {
  runs: 'step',
  parameters: { name: { constant: 'x' } },
  returns: { Output: 'STRING' },
};
const compiled = pipelineOf({
  tasks: {
    a: { ...step, writes: { data: 'system.Dataset' } },
    b: {
      ...step,
      parameters: { name: 'a.Output' },
      retry: { maxRetryCount: 3, backoffDuration: '1s' },
      runs: 'flaky',
    },
    inner: {
      parameters: { name: 'a.Output' },
      dag: {
        tasks: {
          c: { ...step, parameters: { name: '$name' } },
          d: { ...step, parameters: { name: 'c.Output' }, cache: false },
        },
        returns: { Output: 'd.Output' },
      },
    },
    bad: { ...step, runs: 'bad' },
    after: { ...step, parameters: { name: 'bad.Output' } },
    last: { ...step, parameters: { name: 'inner.Output' }, after: ['b'] },
  },
  returns: { last: 'last.Output' },
});

function bodies(): Record<string, Body> {
  return {
    step: ({ text, write, attempt }: Call) => {
      if (attempt.component.outputDefinitions?.artifacts?.['data'] !== undefined) write('data', 'content');
      return { Output: `${text('name')}!` };
    },
    flaky: ({ text, attempt }: Call) => {
      if (attempt.number < 3) throw new Fails('not yet');
      return { Output: text('name') };
    },
    bad: () => {
      throw new Fails('never', false);
    },
  };
}

async function entriesOf(world: MemoryWorld, runId: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of world.ports.runs.log(runId).read(0)) entries.push(entry);
  return entries;
}

function summary(state: RunState): unknown {
  return {
    status: state.status,
    failure: state.failure?.problem,
    outputs: state.outputs.parameters,
    tasks: state.tasks.map((task) => [task.name, task.status === 'cached' ? 'succeeded' : task.status]),
  };
}

function countOf(events: readonly RunEvent[], kinds: readonly string[], task: string): number {
  return events.filter((event) => kinds.includes(event.kind) && 'task' in event && event.task === task)
    .length;
}

describe('a resume', () => {
  it('after any entry of the log comes to the same end, and repeats nothing that has one', async () => {
    const whole = memoryWorld(bodies());
    const expected = summary(await whole.run({ compiled, runId: 'r' }));
    expect(expected).toMatchObject({ status: 'failed', failure: 'never', outputs: { last: 'x!!!!' } });
    const entries = await entriesOf(whole, 'r');
    expect(entries.length).toBeGreaterThan(8);
    for (let kept = 1; kept < entries.length; kept++) {
      const world = memoryWorld(bodies());
      await world.ports.runs.create('r', compiled);
      for (const entry of entries.slice(0, kept)) await world.ports.runs.log('r').append(entry);
      // What the first driver's attempts wrote is still there.
      for (const [uri, content] of whole.contents) world.contents.set(uri, content);
      const state = await resumeRun('r', world.ports);
      expect(summary(state)).toEqual(expected);
      expect(await world.state('r')).toEqual(state);
      const events = (await entriesOf(world, 'r')).flatMap((entry) => entry.events);
      const ends = ['task-succeeded', 'task-cached', 'task-failed', 'task-skipped', 'task-cancelled'];
      for (const { name } of state.tasks) expect(countOf(events, ends, name)).toBe(1);
      expect(countOf(events, ['task-ready'], 'a')).toBe(1);
      const before = entries.slice(0, kept).flatMap((entry) => entry.events);
      for (const ran of world.ran)
        expect(countOf(before, ends, ran.split('/').slice(1, -1).join('/'))).toBe(0);
    }
  });

  it('of a run that succeeded changes nothing', async () => {
    const world = memoryWorld({ ...bodies(), bad: () => ({ Output: 'good' }) });
    const state = await world.run({ compiled, runId: 'r' });
    expect(state.status).toBe('succeeded');
    const before = await entriesOf(world, 'r');
    expect(await resumeRun('r', world.ports)).toEqual(state);
    expect(await entriesOf(world, 'r')).toEqual(before);
  });

  it('of a run that failed goes on with what failed and what it kept from running', async () => {
    const world = memoryWorld(bodies());
    await world.run({ compiled, runId: 'r', caching: 'off' });
    const before = world.ran.length;
    world.bodies.set('bad', () => ({ Output: 'mended' }));
    const state = await resumeRun('r', world.ports);
    expect(state).toMatchObject({ status: 'succeeded', outputs: { parameters: { last: 'x!!!!' } } });
    expect(world.ran.slice(before)).toEqual(['r/bad/2', 'r/after/1']);
    expect(await world.state('r')).toEqual(state);
  });

  it('of a run that was cancelled goes on, inside of nested pipelines too', async () => {
    const world = memoryWorld(bodies());
    let first = true;
    world.bodies.set('step', ({ attempt, text }) => {
      if (attempt.task !== 'inner/c' || !first) return { Output: text('name') };
      first = false;
      void world.ports.runs.requestCancel('r', 'enough');
      return new Promise((_, reject) => {
        attempt.signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    });
    const cancelled = await world.run({ compiled, runId: 'r' });
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.tasks.find((task) => task.name === 'inner')?.status).toBe('cancelled');
    world.bodies.set('bad', () => ({ Output: 'mended' }));
    const state = await resumeRun('r', world.ports);
    expect(state).toMatchObject({ status: 'succeeded', outputs: { parameters: { last: 'x' } } });
    expect(await world.state('r')).toEqual(state);
  });

  it('tells its observer what earlier drivers did, and then what it does', async () => {
    const world = memoryWorld(bodies());
    const first = await world.run({ compiled, runId: 'r' });
    const past: RunEvent[] = [];
    const now: RunEvent[] = [];
    const observer = {
      history: (e: RunEvent) => past.push(e),
      event: (e: RunEvent) => now.push(e),
      log: () => undefined,
    };
    await resumeRun('r', { ...world.ports, observer });
    expect(foldRun(past)).toEqual(first);
    expect(now[0]?.kind).toBe('run-resumed');
  });

  it('of a run that is not there, or never began, says so', async () => {
    const world = memoryWorld(bodies());
    await expect(resumeRun('nope', world.ports)).rejects.toMatchObject({ code: 'FER4003' });
    await world.ports.runs.create('empty', compiled);
    await expect(resumeRun('empty', world.ports)).rejects.toMatchObject({ code: 'FER4003' });
  });

  it('goes on where the disk was full, once it is not', async () => {
    let room = 3;
    const world = memoryWorld(bodies(), ({ runs }) => ({
      runs: {
        ...runs,
        log: (runId) => ({
          ...runs.log(runId),
          async append(entry) {
            if (room-- <= 0)
              throw new InfrastructureError('FER5003', { problem: 'no space left', retryable: true });
            return runs.log(runId).append(entry);
          },
        }),
      },
    }));
    await expect(world.run({ compiled, runId: 'r' })).rejects.toMatchObject({ code: 'FER5003' });
    room = 1000;
    expect((await resumeRun('r', world.ports)).outputs.parameters).toEqual({ last: 'x!!!!' });
  });

  it('fails the task alone where its artifacts cannot be kept', async () => {
    const world = memoryWorld(bodies(), ({ artifacts }) => ({
      artifacts: {
        ...artifacts,
        seal: async (attempt, ...rest) => {
          if (attempt.task === 'inner/c')
            throw new InfrastructureError('FER5003', { problem: 'no space left', retryable: true });
          return artifacts.seal(attempt, ...rest);
        },
      },
    }));
    const state = await world.run({ compiled, runId: 'r' });
    const failed = state.tasks
      .filter((task) => task.status === 'failed')
      .map((task) => [task.name, task.failure?.code]);
    expect(failed).toEqual([
      ['inner', 'FER5003'],
      ['bad', 'FER6001'],
      ['inner/c', 'FER5003'],
    ]);
  });
});
