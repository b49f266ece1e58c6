import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldRun, type RunEvent, type RunState } from '../../engine/index.ts';
import { openRoot, type Root } from '../../stores/index.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';
import { pipelineOf, type TaskDraft } from '../engine/pipelines.ts';
import { bundleFolder, type BundleFolder } from '../runners/components.ts';
import { serverOf } from '../stores/roots.ts';
import { startGcs, startS3, type StoreServer } from '../stores/servers.ts';
import type { DriverOrder } from './driver.ts';
import { addStep, buildDriver, stepTask } from './driver-program.ts';

let program: string;
let bundles: BundleFolder;
let scratch: string;
let spec: string;

beforeAll(async () => {
  program = await buildDriver('bucket-driver');
  bundles = await bundleFolder();
  scratch = await mkdtemp(join(tmpdir(), 'ferrule-bucket-'));
  const step = await addStep(bundles);
  const task = (name: string, before?: string): TaskDraft => stepTask(step, name, before);
  const compiled = pipelineOf({
    tasks: { a: task('a'), b: task('b', 'a'), c: task('c', 'b'), d: task('d', 'c') },
    returns: { last: 'd.Output' },
    writes: { data: 'd.data' },
  });
  spec = join(scratch, 'spec.json');
  await writeFile(spec, JSON.stringify(compiled));
});

afterAll(async () => {
  await rm(bundles.folder, { recursive: true });
  await rm(scratch, { recursive: true });
});

/** A machine: its processes find their server, and keep their copies in a home of their own. */
interface Machine {
  readonly home: string;
  readonly env: StoreServer['env'];
}

function drive(machine: Machine, order: DriverOrder): ChildProcess & { readonly output: Promise<string> } {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...machine.env, HOME: machine.home },
  });
  const output = new Promise<string>((done) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => done(text));
  });
  return Object.assign(child, { output });
}

async function eventsOf(root: Root, runId: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const entry of root.runs.log(runId).read(0)) events.push(...entry.events);
  return events;
}

const kinds = [
  ['Google Cloud Storage', fakeGcs, startGcs],
  ['S3', versitygw, startS3],
] as const;

for (const [name, counterpart, start] of kinds)
  describe.skipIf(counterpart === undefined)(`a run over ${name}, after kill -9 of its driver`, () => {
    const server = serverOf(() => start(counterpart ?? ''));

    it.each([2, 6, 9])(
      'at log entry %i is resumed on another machine, which has nothing but the bucket',
      { timeout: 90_000 },
      async (entries) => {
        const { env, freshBucket } = await server();
        const uri = `${await freshBucket()}/root`;
        const home = (of: string): string => join(scratch, `${name}-${entries}-${of}`);
        const first = drive(
          { home: home('first'), env },
          { root: uri, bundles: bundles.folder, runId: 'r', spec },
        );
        const root = await openRoot(uri, { env, localFolder: home('here') });
        while (first.exitCode === null && (await root.objects.names('runs/r/log')).length < entries)
          await wait(2);
        await wait(entries * 3);
        if (first.pid !== undefined && first.exitCode === null) process.kill(-first.pid, 'SIGKILL');
        await first.output;
        const before = foldRun(await eventsOf(root, 'r'));
        const finished = before.tasks.filter((task) => task.status === 'succeeded').map((task) => task.name);

        const second = drive({ home: home('second'), env }, { root: uri, bundles: '/nowhere', runId: 'r' });
        const state = JSON.parse(await second.output) as RunState;
        expect(state).toMatchObject({ status: 'succeeded', outputs: { parameters: { last: 'd' } } });
        const [data] = state.outputs.artifacts['data'] ?? [];
        if (data === undefined) throw new Error('no output');
        expect(await readFile(await root.artifacts.fetch(data), 'utf8')).toBe('abcd');
        const events = await eventsOf(root, 'r');
        for (const task of finished)
          expect(
            events.filter((event) => event.kind === 'task-succeeded' && event.task === task),
          ).toHaveLength(1);
        const last = state.tasks.find((task) => task.name === 'd');
        expect(await root.readLog({ runId: 'r', task: 'd', number: last?.attempts ?? 1 })).toBe('step d\n');
      },
    );

    it('is stopped by whoever comes first to write the next entry', { timeout: 90_000 }, async () => {
      const { env, freshBucket } = await server();
      const uri = await freshBucket();
      const order = { root: uri, bundles: bundles.folder, runId: 'r' };
      const first = drive({ home: join(scratch, `${name}-1`), env }, { ...order, spec });
      const root = await openRoot(uri, { env, localFolder: join(scratch, `${name}-here`) });
      while (first.exitCode === null && (await root.objects.names('runs/r/log')).length < 3) await wait(2);
      const second = drive({ home: join(scratch, `${name}-2`), env }, order);
      const outcomes = (await Promise.all([first.output, second.output])).map(
        (text) => JSON.parse(text) as RunState & { error?: { code: string } },
      );
      const codes = outcomes.flatMap(({ error }) => error?.code ?? []);
      expect(outcomes.filter(({ status }) => status === 'succeeded').length).toBeGreaterThan(0);
      for (const code of codes) expect(code).toBe('FER4005');
      for (const task of ['a', 'b', 'c', 'd'])
        expect(
          (await eventsOf(root, 'r')).filter(
            (event) => event.kind === 'task-succeeded' && event.task === task,
          ),
        ).toHaveLength(1);
    });
  });
