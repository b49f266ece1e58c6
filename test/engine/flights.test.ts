/** Equal tasks at the same time: one of them runs, and the others take what it gave. */
import { setTimeout as wait } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainTask, resumeRun, startRun, type RunState } from '../../engine/index.ts';
import { Fails, memoryWorld, type Call, type MemoryWorld } from './memory.ts';
import { pipelineOf, type TaskDraft } from './pipelines.ts';

/** A gate: whoever comes waits until it is opened. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const same: TaskDraft = { runs: 'same', returns: { Output: 'STRING' } };
const one = pipelineOf({ tasks: { make: same }, returns: { made: 'make.Output' } });
const two = pipelineOf({ tasks: { a: same, b: same } });

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (holds()) return;
    await wait(1);
  }
  throw new Error('it never came about');
}

function waitsTold({ events }: MemoryWorld): number {
  return events.filter((event) => event.kind === 'cache-checked' && event.waitsFor !== undefined).length;
}

function ends({ tasks }: RunState): Record<string, string> {
  return Object.fromEntries(tasks.map(({ name, status }) => [name, status]));
}

describe('equal tasks at the same time', () => {
  it('are run once in a run, and the log and `why` tell whom the second waited for', async () => {
    const { passed, open } = gate();
    const world = memoryWorld({
      async same() {
        await passed;
        return { Output: 'x' };
      },
    });
    const run = world.run({ compiled: two, runId: 'r1' });
    await until(() => waitsTold(world) === 1);
    expect((await world.state('r1')).tasks[1]).toMatchObject({
      status: 'ready',
      waitingFor: 'waits for "a" of run r1, which makes the same',
    });
    open();
    const state = await run;
    expect(ends(state)).toEqual({ a: 'succeeded', b: 'cached' });
    expect(state.tasks[1]).toMatchObject({ outputs: { parameters: { Output: 'x' } }, attempts: 0 });
    expect(state.tasks[1]?.waitingFor).toBeUndefined();
    expect(world.ran).toEqual(['r1/a/1']);
    expect(await explainTask('r1', 'b', world.ports)).toMatchObject({
      decision: 'hit',
      reason: 'the same as "a" of run r1, which it waited for',
    });
    expect(await world.state('r1')).toEqual(state);
  });

  it('are run once in several runs of a process', async () => {
    const { passed, open } = gate();
    const world = memoryWorld({
      async same() {
        await passed;
        return { Output: 'x' };
      },
    });
    const runs = ['r1', 'r2', 'r3'].map((runId) => world.run({ compiled: one, runId }));
    await until(() => waitsTold(world) === 2);
    open();
    const states = await Promise.all(runs);
    expect(states.map(({ outputs }) => outputs.parameters)).toEqual(
      Array.from({ length: 3 }, () => ({ made: 'x' })),
    );
    expect(world.ran).toHaveLength(1);
  });

  it('hold no place while they wait: others go on beside the one that runs', async () => {
    const { passed, open } = gate();
    const world = memoryWorld({
      async same() {
        await passed;
        return { Output: 'x' };
      },
      other: () => open(),
    });
    // Of two places one runs the task, and the other must not be kept by those who wait for it.
    const tasks = { a: same, b: same, c: same, other: {} };
    const state = await world.run({ compiled: pipelineOf({ tasks }), runId: 'r1', concurrency: 2 });
    expect(state.status).toBe('succeeded');
    expect(world.ran.filter((name) => !name.includes('other'))).toHaveLength(1);
  });

  it('do not wait for one that has no place yet', async () => {
    const { passed, open } = gate();
    const world = memoryWorld({
      busy: () => passed,
      same: () => ({ Output: 'x' }),
    });
    const tasks = { busy: {}, make: same };
    const slow = world.run({ compiled: pipelineOf({ tasks }), runId: 'r1', concurrency: 1 });
    await until(() => world.ran.length === 1);
    const quick = await world.run({ compiled: one, runId: 'r2' });
    expect(ends(quick)).toEqual({ make: 'succeeded' });
    open();
    // It asked the cache before there was anything, and is told in time that there is something now.
    expect(ends(await slow)).toEqual({ busy: 'succeeded', make: 'cached' });
  });

  it('are run by the next one where the first fails, and say so', async () => {
    let calls = 0;
    const world = memoryWorld({
      async same() {
        await until(() => waitsTold(world) > 0);
        if (calls++ === 0) throw new Fails('the first one fails', false);
        return { Output: 'x' };
      },
    });
    const state = await world.run({
      compiled: pipelineOf({ tasks: { a: same, b: same, c: same } }),
      runId: 'r1',
    });
    expect(ends(state)).toEqual({ a: 'failed', b: 'succeeded', c: 'cached' });
    expect(calls).toBe(2);
    expect(await explainTask('r1', 'b', world.ports)).toMatchObject({
      decision: 'miss',
      reason: '"a" of run r1, which it waited for, gave nothing',
    });
  });

  it('wait for all attempts of the first', async () => {
    let calls = 0;
    const world = memoryWorld({
      same() {
        if (calls++ < 2) throw new Fails('not yet');
        return { Output: 'x' };
      },
    });
    const retry = { maxRetryCount: 3 };
    const tasks = { a: { ...same, retry }, b: { ...same, retry } };
    const state = await world.run({ compiled: pipelineOf({ tasks }), runId: 'r1' });
    expect(ends(state)).toEqual({ a: 'succeeded', b: 'cached' });
    expect(calls).toBe(3);
  });

  it('are run by the next one where the run of the first is cancelled', async () => {
    const stop = new AbortController();
    const first = gate();
    const world = memoryWorld({
      async same({ attempt }: Call) {
        if (attempt.runId === 'r1')
          await new Promise((resolve) => attempt.signal.addEventListener('abort', resolve));
        return { Output: 'x' };
      },
    });
    const request = { compiled: one, parameters: {}, caching: 'on', concurrency: 4 } as const;
    const cancelled = startRun({ ...request, runId: 'r1' }, world.ports, { signal: stop.signal });
    await until(() => world.ran.length === 1);
    const other = world.run({ compiled: one, runId: 'r2' });
    await until(() => waitsTold(world) === 1);
    stop.abort();
    first.open();
    expect((await cancelled).status).toBe('cancelled');
    expect(ends(await other)).toEqual({ make: 'succeeded' });
  });

  it('end at once where they are cancelled while they wait', async () => {
    const stop = new AbortController();
    const { passed, open } = gate();
    const world = memoryWorld({
      async same() {
        await passed;
        return { Output: 'x' };
      },
    });
    const first = world.run({ compiled: one, runId: 'r1' });
    await until(() => world.ran.length === 1);
    const request = { compiled: one, parameters: {}, caching: 'on', concurrency: 4 } as const;
    const second = startRun({ ...request, runId: 'r2' }, world.ports, { signal: stop.signal });
    await until(() => waitsTold(world) === 1);
    stop.abort();
    expect(await second).toMatchObject({
      status: 'cancelled',
      tasks: [{ status: 'cancelled', attempts: 0 }],
    });
    open();
    expect((await first).status).toBe('succeeded');
    // Taken up, it finds what there is by now.
    expect(ends(await resumeRun('r2', world.ports))).toEqual({ make: 'cached' });
  });

  it('run all at a time once one has given what is not to be cached', async () => {
    const all = gate();
    let calls = 0;
    let atATime = 0;
    const world = memoryWorld(
      {
        async same() {
          calls += 1;
          if (calls === 1) await until(() => waitsTold(world) === 3);
          else {
            atATime += 1;
            if (atATime === 3) all.open();
            await all.passed;
          }
          return { Output: 'x' };
        },
      },
      (ports) => ({
        runner: {
          ...ports.runner,
          async start(attempt, sink) {
            const outcome = await ports.runner.start(attempt, sink);
            return outcome.kind === 'succeeded' ? { ...outcome, uncacheable: 'the moon is wrong' } : outcome;
          },
        },
      }),
    );
    const tasks = { a: same, b: same, c: same, d: same };
    const state = await world.run({ compiled: pipelineOf({ tasks }), runId: 'r1' });
    expect(ends(state)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded', d: 'succeeded' });
    expect(await explainTask('r1', 'd', world.ports)).toMatchObject({
      reason: '"a" of run r1, which it waited for, gave what is not cached',
    });
  });

  it.each(['off', 'refresh'] as const)('are all run where the cache is %s', async (caching) => {
    const both = gate();
    let calls = 0;
    const world = memoryWorld({
      async same() {
        if (++calls === 2) both.open();
        await both.passed;
        return { Output: 'x' };
      },
    });
    expect(ends(await world.run({ compiled: two, runId: 'r1', caching }))).toEqual({
      a: 'succeeded',
      b: 'succeeded',
    });
  });

  it('are run once after the death of a driver: the attempt that goes on comes before those who waited', async () => {
    const { passed, open } = gate();
    const world = memoryWorld({
      async same() {
        await passed;
        return { Output: 'x' };
      },
    });
    // b comes first in the spec, and a is at it: who began is what counts.
    const compiled = pipelineOf({ tasks: { b: { ...same, after: ['first'] }, first: {}, a: same } });
    world.bodies.set('first', () => undefined);
    const dying = world.run({ compiled, runId: 'r1' });
    await until(() => waitsTold(world) === 1);
    const entries = [];
    for await (const entry of world.ports.runs.log('r1').read(0)) entries.push(entry);
    open();
    await dying;

    const later = memoryWorld({ same: () => ({ Output: 'x' }), first: () => undefined }, (ports) => ({
      runner: {
        ...ports.runner,
        async adopt() {
          // It takes its time to be found, and goes on then.
          await wait(30);
          return {
            kind: 'running',
            outcome: wait(30).then(() => ({
              kind: 'succeeded',
              output: { parameterValues: { Output: 'x' } },
            })),
          };
        },
      },
    }));
    await later.ports.runs.create('r1', compiled);
    for (const entry of entries) await later.ports.runs.log('r1').append(entry);
    const state = await resumeRun('r1', later.ports);
    expect(ends(state)).toEqual({ b: 'cached', first: 'succeeded', a: 'succeeded' });
    expect(later.ran).toEqual([]);
  });

  it('are run once whatever they wait for, fail at, and are cancelled by', { timeout: 120_000 }, async () => {
    const seen = { waits: 0, shared: 0, cancelled: 0, again: 0 };
    const work = fc.record({
      salt: fc.nat({ max: 2 }),
      turns: fc.nat({ max: 4 }),
      after: fc.nat({ max: 3 }),
    });
    const plan = fc.record({
      runs: fc.array(
        fc.record({
          works: fc.array(work, { minLength: 1, maxLength: 6 }),
          concurrency: fc.integer({ min: 1, max: 3 }),
          cancelAfter: fc.option(fc.nat({ max: 12 }), { freq: 4 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      failures: fc.array(fc.boolean(), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ runs, failures }) => {
        const underWay = new Map<string, number>();
        const done = new Set<string>();
        const left = [...failures];
        let repeated = 0;
        const world = memoryWorld({
          async work({ parameters, attempt, text }: Call) {
            const what = text('salt');
            // Never two at a time, and none of what is there.
            const many = (underWay.get(what) ?? 0) + 1;
            if (many > 1 || done.has(what)) repeated += 1;
            underWay.set(what, many);
            try {
              for (let turn = 0; turn < Number(parameters['turns']); turn++) {
                await wait(0);
                if (attempt.signal.aborted) return { Output: what };
              }
              if (left.shift() === true) throw new Fails('as it should');
              done.add(what);
              return { Output: what };
            } finally {
              underWay.set(what, (underWay.get(what) ?? 1) - 1);
            }
          },
        });
        const states = await Promise.all(
          runs.map(async ({ works, concurrency, cancelAfter }, index) => {
            const tasks = Object.fromEntries(
              works.map(({ salt, turns, after }, at): [string, TaskDraft] => [
                `t${at}`,
                {
                  runs: 'work',
                  // How long it takes is no part of what it makes.
                  cacheKey: `${salt}`,
                  parameters: { salt: { constant: `${salt}` }, turns: { constant: `${turns}` } },
                  returns: { Output: 'STRING' },
                  retry: { maxRetryCount: 1 },
                  ...(after > 0 && at >= after && { after: [`t${at - after}`] }),
                },
              ]),
            );
            const stop = new AbortController();
            if (cancelAfter !== null) void wait(cancelAfter).then(() => stop.abort());
            const compiled = pipelineOf({ tasks });
            const request = {
              compiled,
              runId: `r${index}`,
              parameters: {},
              caching: 'on',
              concurrency,
            } as const;
            const state = await startRun(request, world.ports, { signal: stop.signal });
            if (state.status === 'cancelled') seen.cancelled += 1;
            return state;
          }),
        );
        for (const [index, state] of states.entries()) {
          expect(await world.state(`r${index}`)).toEqual(state);
          for (const { status } of state.tasks) expect(status).not.toMatch(/waiting|ready|running/);
          // Whatever ended a run, it goes on to its end.
          const resumed = await resumeRun(`r${index}`, world.ports);
          expect(resumed.status === 'succeeded' || left.length < failures.length).toBe(true);
          const salts = runs[index]?.works.map(({ salt }) => `${salt}`) ?? [];
          const given = resumed.tasks.map(({ outputs }, at) => outputs?.parameters['Output'] ?? salts[at]);
          expect(given).toEqual(salts);
          if (state.status !== 'succeeded') seen.again += 1;
        }
        expect(repeated).toBe(0);
        seen.waits += waitsTold(world);
        seen.shared += states
          .flatMap(({ tasks }) => tasks)
          .filter(({ status }) => status === 'cached').length;
      }),
      { numRuns: 250, seed: 21 },
    );
    expect(seen.waits).toBeGreaterThan(100);
    expect(seen.shared).toBeGreaterThan(300);
    expect(seen.cancelled).toBeGreaterThan(20);
    expect(seen.again).toBeGreaterThan(20);
  });
});
