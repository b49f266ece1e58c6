import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldRun, resumeRun, type LogEntry, type RunEvent, type RunState } from '../../engine/index.ts';
import { openRoot } from '../../stores/index.ts';
import { pipelineOf, type TaskDraft } from '../engine/pipelines.ts';
import { bundleFolder, type BundleFolder } from '../runners/components.ts';
import type { DriverOrder } from './driver.ts';
import { addStep, buildDriver, stepTask } from './driver-program.ts';
import { openWorkbench } from './workbench.ts';

let program: string;
let bundles: BundleFolder;
let spec: string;
let loop: string;
const items = Array.from({ length: 24 }, (_, index) => index);
let scratch: string;
/** Runs that a kill found unfinished. */
let interrupted = 0;

beforeAll(async () => {
  program = await buildDriver('driver');
  bundles = await bundleFolder();
  scratch = await mkdtemp(join(tmpdir(), 'ferrule-spec-'));
  const step = await addStep(bundles);
  const task = (name: string, before?: string): TaskDraft => stepTask(step, name, before);
  const compiled = pipelineOf({
    tasks: { a: task('a'), b: task('b', 'a'), c: task('c', 'a'), d: task('d', 'b'), e: task('e', 'd') },
    returns: { last: 'e.Output' },
    writes: { data: 'e.data' },
  });
  spec = join(scratch, 'spec.json');
  await writeFile(spec, JSON.stringify(compiled));
  // What gives values and writes nothing leaves no result but the log.
  const value = await bundles.add(
    `async ({ item }) => {
      await new Promise((done) => setTimeout(done, 20));
      return item;
    }`,
    '',
  );
  const t = {
    code: value,
    runs: 'value',
    parameters: { item: '$item' },
    parameterTypes: { item: { parameterType: 'NUMBER_INTEGER' } },
    returns: { Output: 'NUMBER_INTEGER' },
  } as const;
  const dag = {
    parameters: { item: 'NUMBER_INTEGER' },
    tasks: { t },
    returns: { Output: 't.Output' },
  } as const;
  const more = { parameterIterator: { itemInput: 'item', items: { raw: JSON.stringify(items) } } };
  const looping = pipelineOf({ tasks: { loop: { dag, more } }, returns: { all: 'loop.Output' } });
  loop = join(scratch, 'loop.json');
  await writeFile(loop, JSON.stringify(looping));
});

afterAll(async () => {
  await rm(bundles.folder, { recursive: true });
  await rm(scratch, { recursive: true });
});

function drive(order: DriverOrder): ChildProcess & { readonly output: Promise<string> } {
  // A process group of its own: killed as a whole, workers included, as a power cut would.
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = new Promise<string>((done) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => done(text));
  });
  return Object.assign(child, { output });
}

async function eventsOf(root: string, runId: string): Promise<readonly RunEvent[]> {
  const opened = await openRoot(root);
  const events: RunEvent[] = [];
  for await (const entry of opened.runs.log(runId).read(0)) events.push(...entry.events);
  return events;
}

/** Waits until the log has as many entries, or the process has ended. */
async function untilEntries(root: string, runId: string, count: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const names = await readdir(join(root, 'runs', runId, 'log')).catch(() => []);
    if (names.length >= count) return;
    await wait(1);
  }
}

describe('after kill -9 of everything', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'at log entry %i the run is resumed to its end, and no finished task is repeated',
    { timeout: 60_000 },
    async (entries) => {
      const root = await mkdtemp(join(tmpdir(), 'ferrule-kill-'));
      const runId = `kill-${entries}`;
      const child = drive({ root, bundles: bundles.folder, runId, spec });
      await untilEntries(root, runId, entries, child);
      // A little later each time, so that kills fall between the steps of an attempt too.
      await wait(entries * 3);
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await child.output;
      const before = foldRun(await eventsOf(root, runId));
      if (before.status === 'running') interrupted += 1;
      const finished = before.tasks.filter((task) => task.status === 'succeeded').map((task) => task.name);

      // The project's own cache is gone: the root has all that a resume needs.
      const resumed = drive({ root, bundles: '/nowhere', runId });
      const state = JSON.parse(await resumed.output) as RunState;
      expect(state).toMatchObject({ status: 'succeeded', outputs: { parameters: { last: 'e' } } });
      const data = state.outputs.artifacts['data']?.[0]?.uri ?? '';
      expect(await readFile(join(root, data), 'utf8')).toBe('abde');

      const events = await eventsOf(root, runId);
      for (const task of ['a', 'b', 'c', 'd', 'e'])
        expect(events.filter((event) => event.kind === 'task-succeeded' && event.task === task)).toHaveLength(
          1,
        );
      const afterwards = events.slice(events.findIndex((event) => event.kind === 'run-resumed'));
      const repeated = before.status === 'running' ? afterwards : [];
      for (const task of finished)
        expect(repeated.filter((event) => event.kind === 'attempt-started' && event.task === task)).toEqual(
          [],
        );
      // What the kill cost a task is not counted as the task's own failure.
      expect(events.filter((event) => event.kind === 'attempt-ended' && event.outcome === 'failed')).toEqual(
        [],
      );
      await rm(root, { recursive: true });
    },
  );

  it.each([3, 6, 9])(
    'at log entry %i in the middle of a loop, all of its iterations come to their end, once each',
    { timeout: 60_000 },
    async (entries) => {
      const root = await mkdtemp(join(tmpdir(), 'ferrule-loop-'));
      const child = drive({ root, bundles: bundles.folder, runId: 'r', spec: loop });
      await untilEntries(root, 'r', entries, child);
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await child.output;
      const before = foldRun(await eventsOf(root, 'r'));
      expect(before.status).toBe('running');
      const state = JSON.parse(await drive({ root, bundles: '/nowhere', runId: 'r' }).output) as RunState;
      expect(state).toMatchObject({ status: 'succeeded', outputs: { parameters: { all: items } } });
      const events = await eventsOf(root, 'r');
      for (const item of items) {
        const ends = events.filter(
          (event) => event.kind === 'task-succeeded' && event.task === `loop/${item}/t`,
        );
        expect(ends).toHaveLength(1);
      }
      expect(events.filter((event) => event.kind === 'attempt-ended' && event.outcome === 'failed')).toEqual(
        [],
      );
      await rm(root, { recursive: true });
    },
  );

  it('most of those kills came while the run was under way', () => {
    expect(interrupted).toBeGreaterThan(4);
  });

  it('commits an attempt that had finished, though its driver never knew', async () => {
    const root = await mkdtemp(join(tmpdir(), 'ferrule-kill-'));
    const first = drive({ root, bundles: bundles.folder, runId: 'r', spec });
    await first.output;
    // As if the driver had died between the attempt's result and the log: the log is cut after an attempt began.
    const log = join(root, 'runs/r/log');
    const names = (await readdir(log)).sort();
    const entries = names.map((name) => JSON.parse(readFileSync(join(log, name), 'utf8')) as LogEntry);
    const started = entries.findIndex(({ events }) =>
      events.some((event) => event.kind === 'attempt-started' && event.task === 'a'),
    );
    for (const name of names.slice(started + 1)) await rm(join(log, name));
    const bench = await openWorkbench(root, bundles.folder);
    const state = await resumeRun('r', bench.ports);
    await bench.runner.close();
    expect(state.status).toBe('succeeded');
    expect(state.tasks.find((task) => task.name === 'a')?.attempts).toBe(1);
    await rm(root, { recursive: true });
  });

  it('lets two processes run over one root at once, each to its own right end', async () => {
    const root = await mkdtemp(join(tmpdir(), 'ferrule-two-'));
    const order = { root, bundles: bundles.folder, spec, caching: 'on' } as const;
    const outputs = await Promise.all([
      drive({ ...order, runId: 'one' }).output,
      drive({ ...order, runId: 'two' }).output,
    ]);
    for (const output of outputs)
      expect(JSON.parse(output)).toMatchObject({
        status: 'succeeded',
        warnings: [],
        outputs: { parameters: { last: 'e' } },
      });
    const third = JSON.parse(await drive({ ...order, runId: 'three' }).output) as RunState;
    expect(third.tasks.map((task) => task.status)).toEqual([
      'cached',
      'cached',
      'cached',
      'cached',
      'cached',
    ]);
    await rm(root, { recursive: true });
  });

  it('lets one of two drivers of the same run win, and the other stop with a reason', async () => {
    const root = await mkdtemp(join(tmpdir(), 'ferrule-fence-'));
    const first = drive({ root, bundles: bundles.folder, runId: 'r', spec });
    await untilEntries(root, 'r', 3, first);
    const second = drive({ root, bundles: bundles.folder, runId: 'r' });
    const outcomes = (await Promise.all([first.output, second.output])).map(
      (text) => JSON.parse(text) as RunState & { error?: { code: string } },
    );
    const winners = outcomes.filter(({ status }) => status === 'succeeded');
    const losers = outcomes.flatMap(({ error }) => error?.code ?? []);
    expect(winners.length + losers.length).toBe(2);
    expect(winners.length).toBeGreaterThan(0);
    for (const code of losers) expect(code).toBe('FER4005');
    const events = await eventsOf(root, 'r');
    for (const task of ['a', 'b', 'c', 'd', 'e'])
      expect(events.filter((event) => event.kind === 'task-succeeded' && event.task === task)).toHaveLength(
        1,
      );
    await rm(root, { recursive: true });
  });
});
