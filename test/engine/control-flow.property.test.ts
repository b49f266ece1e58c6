/** Whatever is nested in whatever: a run gives what the program means, and so does one that dies and is taken up. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planRun,
  resumeRun,
  startRun,
  type LogEntry,
  type Plan,
  type RunState,
  type TaskState,
} from '../../engine/index.ts';
import { memoryWorld, type MemoryWorld } from './memory.ts';
import { compiledProgram, meaningOf, program, programBodies, type Block } from './programs.ts';

/** What a run came to, in the words of `meaningOf`. */
function comesTo(state: RunState): unknown {
  const done = state.tasks.filter(
    ({ kind, status }) => kind === 'component' && (status === 'succeeded' || status === 'cached'),
  );
  return {
    gave: Object.fromEntries(
      done
        .filter(({ name }) => name !== 'last')
        .map(({ name, outputs }) => [name.replace('exit-handler-1/', ''), outputs?.parameters['Output']]),
    ),
    status: state.status,
    result: state.outputs.parameters['Output'],
    last: done.some(({ name }) => name === 'last'),
  };
}

function meant(root: Block): unknown {
  const { gave, failed, result } = meaningOf(root);
  return {
    gave: Object.fromEntries(gave),
    status: failed ? 'failed' : 'succeeded',
    result: failed ? undefined : result,
    last: true,
  };
}

async function entriesOf(world: MemoryWorld): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of world.ports.runs.log('r').read(0)) entries.push(entry);
  return entries;
}

describe('a program of loops and branches', () => {
  it('gives what it means', { timeout: 120_000 }, async () => {
    const sizes: number[] = [];
    await fc.assert(
      fc.asyncProperty(program, async (root) => {
        const world = memoryWorld(programBodies);
        const compiled = compiledProgram(root);
        const state = await world.run({ compiled, runId: 'r', caching: 'off' });
        expect(comesTo(state)).toEqual(meant(root));
        expect(await world.state('r')).toEqual(state);
        sizes.push(state.tasks.length);
      }),
      { numRuns: 250, seed: 11 },
    );
    // They are no trifles.
    expect(Math.max(...sizes)).toBeGreaterThan(60);
  });

  // With the cache, equal tasks wait for each other, and one that waited may be the first to go on.
  it.each(['off', 'on'] as const)(
    'comes to the same end wherever its driver dies, with the cache %s',
    { timeout: 120_000 },
    async (caching) => {
      let deaths = 0;
      await fc.assert(
        fc.asyncProperty(program, async (root) => {
          const compiled = compiledProgram(root);
          const whole = memoryWorld(programBodies);
          await whole.run({ compiled, runId: 'r', caching });
          const entries = await entriesOf(whole);
          // Of a long log every few, so that all of its parts come about.
          const step = Math.ceil(entries.length / 25);
          for (let kept = 1; kept < entries.length; kept += step) {
            const world = memoryWorld(programBodies);
            await world.ports.runs.create('r', compiled);
            for (const entry of entries.slice(0, kept)) await world.ports.runs.log('r').append(entry);
            const state = await resumeRun('r', world.ports);
            expect(comesTo(state)).toEqual(meant(root));
            expect(await world.state('r')).toEqual(state);
            deaths += 1;
          }
        }),
        { numRuns: 70, seed: 3 },
      );
      expect(deaths).toBeGreaterThan(300);
    },
  );

  it(
    'runs its exit task when it is cancelled, and goes on to its end when it is taken up',
    { timeout: 120_000 },
    async () => {
      let cancelled = 0;
      await fc.assert(
        fc.asyncProperty(program, fc.nat({ max: 12 }), async (root, after) => {
          const stop = new AbortController();
          let works = 0;
          const world = memoryWorld({
            ...programBodies,
            work: (call) => {
              if (works++ === after) stop.abort();
              return programBodies['work']?.(call);
            },
          });
          const compiled = compiledProgram(root);
          const request = { compiled, parameters: {}, runId: 'r', caching: 'off', concurrency: 2 } as const;
          const first = await startRun(request, world.ports, { signal: stop.signal });
          expect(comesTo(first)).toMatchObject({ last: true });
          if (first.status === 'cancelled') cancelled += 1;
          expect(await world.state('r')).toEqual(first);
          const state = await resumeRun('r', world.ports);
          expect(comesTo(state)).toEqual(meant(root));
          expect(await world.state('r')).toEqual(state);
          // The exit task runs once more, after what the first time was cut off or failed.
          const exits = world.ran.filter((name) => name.startsWith('r/last/'));
          expect(exits).toEqual(first.status === 'succeeded' ? ['r/last/1'] : ['r/last/1', 'r/last/2']);
        }),
        { numRuns: 120, seed: 5 },
      );
      expect(cancelled).toBeGreaterThan(25);
    },
  );

  it('is mended where it failed: what had succeeded is not run again', { timeout: 120_000 }, async () => {
    let mended = 0;
    await fc.assert(
      fc.asyncProperty(program, async (root) => {
        if (!meaningOf(root).failed) return;
        const world = memoryWorld(programBodies);
        const first = await world.run({ compiled: compiledProgram(root), runId: 'r', caching: 'off' });
        world.bodies.set('work', (call) => {
          const parameters = { ...call.parameters, fails: false };
          return programBodies['work']?.({ ...call, parameters });
        });
        const before = world.ran.length;
        const state = await resumeRun('r', world.ports);
        expect(state.status).toBe('succeeded');
        expect(comesTo(state)).toEqual(meant(withoutFailures(root)));
        const ranAgain = world.ran.slice(before).map((name) => name.split('/').slice(1, -1).join('/'));
        const done = first.tasks.filter(({ status, name }) => status === 'succeeded' && name !== 'last');
        for (const { name } of done) expect(ranAgain).not.toContain(name);
        mended += 1;
      }),
      { numRuns: 300, seed: 9 },
    );
    expect(mended).toBeGreaterThan(30);
  });

  it('is planned as it then runs', { timeout: 120_000 }, async () => {
    let promises = 0;
    await fc.assert(
      fc.asyncProperty(program, async (root) => {
        const world = memoryWorld(programBodies);
        // What fails, no plan can tell.
        const compiled = compiledProgram(withoutFailures(root));
        const request = { compiled, parameters: {}, caching: 'on', concurrency: 4 } as const;
        for (const runId of ['r', 's']) {
          const plan = await planRun({ ...request, runId }, world.ports);
          const state = await world.run({ compiled, runId });
          const became = new Map(state.tasks.map((task) => [task.name, task]));
          const broken = plan.tasks.filter((planned) => !wasKept(planned, became.get(planned.name), runId));
          expect(broken).toEqual([]);
          // The second time all is known.
          const unknown = plan.tasks.filter(({ decision }) => decision === 'unknown').length;
          expect(runId === 's' ? unknown : 0).toBe(0);
          promises += plan.tasks.length;
        }
      }),
      { numRuns: 80, seed: 13 },
    );
    expect(promises).toBeGreaterThan(500);
  });
});

/** Whether a task became what a plan said of it. */
function wasKept({ decision }: Plan['tasks'][number], task: TaskState | undefined, runId: string): boolean {
  switch (decision) {
    case 'hit':
      return task?.status === 'cached' || (task?.kind !== 'component' && task?.status === 'succeeded');
    case 'skip':
      return task?.status === 'skipped';
    case 'run':
      // One that is to run may share the result of another of the same run.
      return task?.status !== 'cached' || task.from?.runId === runId;
    case 'unknown':
      return true;
  }
}

function withoutFailures(root: Block): Block {
  return root.map((statement) => {
    switch (statement.kind) {
      case 'work':
        return { ...statement, fails: false };
      case 'map':
        return statement;
      case 'loop':
      case 'maybe':
        return { ...statement, body: withoutFailures(statement.body) };
      case 'branch':
        return { ...statement, yes: withoutFailures(statement.yes), no: withoutFailures(statement.no) };
    }
  });
}
