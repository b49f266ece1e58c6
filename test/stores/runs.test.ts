import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logVersion, type LogEntry, type RunEvent } from '../../engine/ports.ts';
import { digestOf, hexOf, writeIdentityArgs } from '../../spec/index.ts';
import {
  collectGarbage,
  keepScheduledPipeline,
  openProjection,
  removeScheduledPipeline,
  type Root,
} from '../../stores/index.ts';
import { memoryWorld, type MemoryWorld } from '../engine/memory.ts';
import { pipelineOf } from '../engine/pipelines.ts';
import { freshRoot, temporaryFolder } from './root-folder.ts';
import { rootKinds } from './roots.ts';

const compiled = pipelineOf({
  parameters: { text: 'STRING' },
  tasks: {
    say: { parameters: { text: '$text' }, returns: { Output: 'STRING' }, writes: { data: 'system.Dataset' } },
  },
  returns: { said: 'say.Output' },
});

/** A world whose stores are a root, and whose component writes a file. */
function worldOver(root: Root): MemoryWorld {
  const { runs, artifacts, cache } = root;
  return memoryWorld(
    {
      say: async ({ attempt, text }) => {
        if (text('text') === 'bad') throw new Error('no');
        await writeFile(attempt.input.outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '', text('text'));
        return { Output: text('text') };
      },
    },
    () => ({ runs, artifacts, cache }),
  );
}

const kinds = rootKinds();

for (const kind of kinds)
  describe.skipIf(kind.absent)(`runs in ${kind.name}`, () => {
    it('are made once, listed newest first, and run with a cache that another machine shares', async () => {
      const { root, elsewhere } = await kind.fresh();
      const world = worldOver(root);
      for (const runId of ['r2', 'r3', 'r1'])
        await world.run({ compiled, runId, parameters: { text: runId } });
      expect(await root.runs.create('r1', compiled)).toBe('exists');
      expect(await root.runs.spec('r1')).toEqual(compiled);
      expect(await root.runs.spec('r9')).toBeUndefined();
      const there = await elsewhere();
      expect((await there.runs.list()).map(({ runId }) => runId)).toEqual(['r1', 'r3', 'r2']);
      const again = await worldOver(there).run({ compiled, runId: 'r4', parameters: { text: 'r3' } });
      expect(again.tasks[0]).toMatchObject({ status: 'cached', from: { runId: 'r3' } });
    });

    it('hear of a request to cancel, from another machine, and of a second one', async () => {
      const { root, elsewhere } = await kind.fresh();
      await root.runs.create('r1', compiled);
      const heard: string[] = [];
      let stop = (): void => undefined;
      const asked = (times: number): Promise<void> =>
        new Promise((resolve) => {
          stop();
          heard.length = 0;
          stop = root.runs.watchCancel('r1', (reason) => {
            heard.push(reason);
            if (heard.length === times) resolve();
          });
        });
      const there = await elsewhere();
      const first = asked(1);
      await there.runs.requestCancel('r1', 'enough');
      await first;
      expect(heard).toEqual(['enough']);
      await there.runs.requestCancel('r1', 'again');
      await there.runs.requestCancel('r1', 'and again');
      await asked(2);
      expect(heard).toEqual(['enough', 'again']);
      stop();
      await there.runs.forgetCancel('r1');
      let late: string | undefined;
      root.runs.watchCancel('r1', (reason) => (late = reason))();
      expect(late).toBeUndefined();
    }, 20_000);

    it('tell who drives them, until the driver leaves', async () => {
      const { root, elsewhere } = await kind.fresh();
      const there = await elsewhere();
      await root.runs.create('r1', compiled);
      expect(await there.runs.driverOf('r1')).toBeUndefined();
      const leave = await root.runs.attend('r1', 'driver-1');
      expect(await there.runs.driverOf('r1')).toMatchObject({ pid: process.pid });
      await leave();
      expect(await there.runs.driverOf('r1')).toBeUndefined();
    });

    it('have a table that follows the logs', async () => {
      const { root, elsewhere } = await kind.fresh();
      const world = worldOver(root);
      await world.run({ compiled, runId: 'r1', parameters: { text: 'a' }, labels: { who: 'me' } });
      const there = await elsewhere();
      const table = await openProjection(there, there.tableFile);
      await table.sync();
      expect(await table.listRuns({ labels: { who: 'me' } })).toMatchObject([{ runId: 'r1', tasks: 1 }]);
      await world.run({ compiled, runId: 'r2', parameters: { text: 'bad' } });
      await table.sync();
      expect((await table.listRuns()).map(({ runId, status }) => [runId, status])).toEqual([
        ['r2', 'failed'],
        ['r1', 'succeeded'],
      ]);
      await table.close();
    });

    it('are collected: what runs that stay use is kept, the rest goes, as a dry run said', async () => {
      const { root, elsewhere } = await kind.fresh();
      const world = worldOver(root);
      for (const [runId, text] of [
        ['r1', 'shared'],
        ['r2', 'alone'],
        ['r3', 'shared'],
      ] as const)
        await world.run({ compiled, runId, parameters: { text } });
      const now = Date.now();
      const there = await elsewhere();
      const dry = await collectGarbage(there, { now, keepRuns: 1, dryRun: true });
      expect(await root.objects.names('runs')).toEqual(['r1', 'r2', 'r3']);
      const report = await collectGarbage(there, { now, keepRuns: 1 });
      expect({ ...report, dryRun: true }).toEqual(dry);
      expect(report).toMatchObject({ runs: ['r2', 'r1'], cacheEntries: 1, attempts: 1, bundles: 0 });
      expect(await root.objects.names('runs')).toEqual(['r1', 'r3']);
      const file = join(await temporaryFolder(), 'data');
      await root.files.download('runs/r1/tasks/say/1/data', file);
      expect(await readFile(file, 'utf8')).toBe('shared');
      const state = await worldOver(there).run({ compiled, runId: 'r4', parameters: { text: 'shared' } });
      expect(state.tasks[0]).toMatchObject({ status: 'cached', from: { runId: 'r1' } });
      const again = await worldOver(there).run({ compiled, runId: 'r5', parameters: { text: 'alone' } });
      expect(again.tasks[0]?.status).toBe('succeeded');
      // Once nothing stays, nothing of them stays.
      await collectGarbage(there, { now, keepRuns: 0 });
      expect(await root.files.list('runs/')).toEqual([]);
      expect(await root.files.list('cache/')).toEqual([]);
    });
  });

describe('a run log', () => {
  it('refuses a second entry of one number, and a version it does not know', async () => {
    const root = await freshRoot();
    const log = root.runs.log('r1');
    const entry: LogEntry = { version: logVersion, seq: 0, driver: 'a', events: [] };
    expect(await log.append(entry)).toBe('appended');
    expect(await log.append({ ...entry, driver: 'b' })).toBe('conflict');
    await log.append({ ...entry, seq: 1, version: logVersion + 1 });
    const read = async (): Promise<LogEntry[]> => {
      const found: LogEntry[] = [];
      for await (const one of log.read(0)) found.push(one);
      return found;
    };
    await expect(read()).rejects.toMatchObject({ code: 'FER5005' });
  });
});

describe('the list of runs', () => {
  it('is newest first, in a copy of the root too, whose files have other times', async () => {
    const root = await freshRoot();
    const world = worldOver(root);
    for (const runId of ['r2', 'r3', 'r1']) await world.run({ compiled, runId, parameters: { text: 'a' } });
    const copy = await freshRoot();
    for (const runId of ['r1', 'r3', 'r2'])
      await cp(join(root.uri, 'runs', runId), join(copy.uri, 'runs', runId), { recursive: true });
    expect((await copy.runs.list()).map(({ runId }) => runId)).toEqual(['r1', 'r3', 'r2']);
    expect(await copy.runs.list()).toEqual(await root.runs.list());
  });
});

describe('the table of runs', () => {
  it('follows the logs, and comes back whole after it was lost or spoilt', async () => {
    const root = await freshRoot();
    const world = worldOver(root);
    await world.run({ compiled, runId: 'r1', parameters: { text: 'a' }, labels: { who: 'me' } });
    await world.run({ compiled, runId: 'r2', parameters: { text: 'a' } });
    await world.run({ compiled, runId: 'r3', parameters: { text: 'bad' }, displayName: 'Third' });
    const file = join(root.uri, 'runs.sqlite');
    let table = await openProjection(root, file);
    await table.sync();
    const listed = await table.listRuns();
    expect(
      listed.map(({ runId, status, tasks, cached, failed }) => [runId, status, tasks, cached, failed]),
    ).toEqual([
      ['r3', 'failed', 1, 0, 1],
      ['r2', 'succeeded', 1, 1, 0],
      ['r1', 'succeeded', 1, 0, 0],
    ]);
    expect((await table.listRuns({ status: 'failed' })).map((run) => run.displayName)).toEqual(['Third']);
    expect((await table.listRuns({ labels: { who: 'me' } })).map((run) => run.runId)).toEqual(['r1']);
    expect(await table.listRuns({ pipeline: "x' OR 1=1 --" })).toEqual([]);
    await table.rebuild();
    expect(await table.listRuns()).toEqual(listed);
    await table.close();
    for (const end of ['-wal', '-shm']) await rm(`${file}${end}`, { force: true });
    await writeFile(file, 'this is no database');
    table = await openProjection(root, file);
    await table.sync();
    expect(await table.listRuns()).toEqual(listed);
    await table.close();
  });

  it('takes up a run that went on since, and forgets one that is gone', async () => {
    const root = await freshRoot();
    const log = root.runs.log('r1');
    const at = '2026-01-01T00:00:00.000Z';
    const begin: RunEvent = {
      kind: 'run-started',
      at,
      runId: 'r1',
      pipeline: 'p',
      labels: {},
      parameters: {},
      parameterTypes: {},
      caching: 'on',
      concurrency: 1,
      spec: 'sha256:x',
    };
    await root.runs.create('r1', compiled);
    await log.append({ version: logVersion, seq: 0, driver: 'a', events: [begin] });
    const table = await openProjection(root, join(root.uri, 'runs.sqlite'));
    await table.sync();
    expect((await table.listRuns())[0]?.status).toBe('running');
    const end: RunEvent = {
      kind: 'run-ended',
      at,
      status: 'cancelled',
      outputs: { parameters: {}, artifacts: {} },
    };
    await log.append({ version: logVersion, seq: 1, driver: 'a', events: [end] });
    await table.sync();
    expect((await table.listRuns())[0]?.status).toBe('cancelled');
    await root.objects.remove('runs/r1');
    await table.sync();
    expect(await table.listRuns()).toEqual([]);
    await table.close();
  });
});

describe('garbage collection', () => {
  it('leaves a run without an end alone, and removes files written aside long ago', async () => {
    const root = await freshRoot();
    const world = worldOver(root);
    await world.run({ compiled, runId: 'r1', parameters: { text: 'a' } });
    const ended = (await readdir(join(root.uri, 'runs/r1/log'))).length - 1;
    await rm(join(root.uri, `runs/r1/log/${String(ended).padStart(8, '0')}.json`));
    await writeFile(join(root.uri, 'cache/.aside-1-x'), 'half');
    const report = await collectGarbage(root, { now: Date.now() + 7_200_000, keepRuns: 0 });
    expect(report).toMatchObject({ runs: [], cacheEntries: 0, attempts: 0, leftovers: 1 });
  });

  it('keeps the code of what a schedule runs, as long as there is the schedule', async () => {
    const root = await freshRoot();
    const [needed, other] = [digestOf('needed'), digestOf('other')];
    for (const digest of [needed, other])
      await root.objects.create(`bundles/${hexOf(digest)}/bundle.mjs`, 'export {}');
    const identity = { function: 'say', code: needed, reads: [], vary: [], isolate: false, secretEnv: [] };
    const container = {
      image: 'x',
      command: ['node', '/ferrule/run.mjs'],
      args: writeIdentityArgs(identity),
    };
    const spec = { ...compiled.spec, deploymentSpec: { executors: { say: { container } } } };
    await keepScheduledPipeline(root.objects, 'nightly-1', {
      name: 'nightly',
      compiled: { spec },
      parameters: {},
      caching: 'on',
      labels: {},
    });
    await collectGarbage(root, { now: Date.now(), keepRuns: 0 });
    expect(await root.objects.names('bundles')).toEqual([hexOf(needed)]);
    await removeScheduledPipeline(root.objects, 'nightly-1');
    await collectGarbage(root, { now: Date.now(), keepRuns: 0 });
    expect(await root.objects.names('bundles')).toEqual([]);
  });
});
