import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resumeRun, startRun, type RunState } from '../../engine/index.ts';
import { Fails, memoryWorld, type Call } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

const chain = pipelineOf({
  parameters: { text: 'STRING' },
  tasks: {
    make: { parameters: { text: '$text' }, writes: { data: 'system.Dataset' } },
    count: { artifacts: { data: 'make.data' }, returns: { Output: 'NUMBER_INTEGER' } },
  },
});

const bodies = {
  make: ({ text, write }: Call) => write('data', text('text')),
  count: ({ read }: Call) => ({ Output: read('data').length }),
};

function statuses(state: RunState): Record<string, string> {
  return Object.fromEntries(state.tasks.map((task) => [task.name, task.status]));
}

describe('a driver', () => {
  it('is fenced out by another one, and changes nothing after that', async () => {
    const compiled = pipelineOf({ tasks: { slow: {}, next: { after: ['slow'] } } });
    const world = memoryWorld({
      slow: async ({ attempt }) => {
        if (attempt.number === 1) await resumeRun('r1', world.ports);
      },
      next: () => undefined,
    });
    await expect(world.run({ compiled, runId: 'r1' })).rejects.toMatchObject({ code: 'FER4005' });
    const state = await world.state('r1');
    expect(statuses(state)).toEqual({ slow: 'succeeded', next: 'succeeded' });
    expect(world.ran).toEqual(['r1/slow/1', 'r1/slow/2', 'r1/next/1']);
  });

  it('has a run to itself that several start at the same moment', async () => {
    for (const made of [true, false]) {
      const world = memoryWorld(bodies);
      if (made) await world.ports.runs.create('r1', chain);
      const start = (): Promise<RunState> =>
        world.run({ compiled: chain, runId: 'r1', parameters: { text: 'four' } });
      const both = await Promise.allSettled([start(), start(), start()]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of both)
        expect(one).toMatchObject(
          one.status === 'fulfilled' ? { value: { status: 'succeeded' } } : { reason: { code: 'FER4005' } },
        );
      expect(world.ran).toEqual(['r1/make/1', 'r1/count/1']);
    }
  });

  it('has as many tasks at work as it likes, beside others, and Node.js has nothing to warn of', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    const untilAborted = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    const world = memoryWorld(
      {
        async wide({ attempt }) {
          if (attempt.number === 1) throw new Fails('tries again');
          await untilAborted(attempt.signal);
        },
      },
      (ports) => ({
        // What waits does so by the signal, as on a real clock.
        clock: {
          ...ports.clock,
          sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
        },
        runner: {
          ...ports.runner,
          async environmentOf(_, making) {
            await Promise.race([making && untilAborted(making.signal), wait(20)]);
            return undefined;
          },
        },
      }),
    );
    const retry = { maxRetryCount: 1, backoffDuration: '0.02s' };
    const tasks = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`t${at}`, { runs: 'wide', retry }]),
    );
    const request = {
      compiled: pipelineOf({ tasks }),
      parameters: {},
      caching: 'off',
      concurrency: 20,
    } as const;
    const stop = new AbortController();
    const options = { signal: stop.signal, release: new AbortController().signal };
    const runs = Array.from({ length: 12 }, (_, at) =>
      startRun({ ...request, runId: `wide-${at}` }, world.ports, options),
    );
    await wait(300);
    stop.abort();
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(runs.map(() => 'cancelled'));
    // Warnings come a turn later.
    await wait(0);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});
