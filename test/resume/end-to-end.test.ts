import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRun } from '../../engine/index.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { pipelineOf } from '../engine/pipelines.ts';
import { bundleFolder, type BundleFolder } from '../runners/components.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

let bundles: BundleFolder;
let folder: string;
let bench: Workbench;
let compiled: CompiledPipeline;

beforeAll(async () => {
  bundles = await bundleFolder();
  folder = await mkdtemp(join(tmpdir(), 'ferrule-root-'));
  bench = await openWorkbench(folder, bundles.folder);
  const fs = `import { mkdirSync, writeFileSync, readFileSync } from 'node:fs'`;
  const make = await bundles.add(
    `async ({ text }, out) => {
      console.log('writing ' + text);
      mkdirSync(out.data.path);
      writeFileSync(out.data.path + '/a.txt', text);
      out.data.metadata.words = 1;
    }`,
    fs,
  );
  const count = await bundles.add(
    `async ({ data }, out) => {
      const text = readFileSync(data.path + '/a.txt', 'utf8');
      writeFileSync(out.page.path, '<p>' + text);
      out.scores.log('zeta', 1);
      out.scores.log('length', text.length);
      return text.length;
    }`,
    fs,
  );
  compiled = pipelineOf({
    parameters: { text: 'STRING' },
    tasks: {
      make: { code: make, parameters: { text: '$text' }, writes: { data: 'system.Dataset' } },
      count: {
        code: count,
        artifacts: { data: 'make.data' },
        returns: { Output: 'NUMBER_INTEGER' },
        writes: { page: 'system.HTML', scores: 'system.Metrics' },
      },
    },
    returns: { length: 'count.Output' },
  });
});

afterAll(async () => {
  await bench.runner.close();
  await rm(folder, { recursive: true });
  await rm(bundles.folder, { recursive: true });
});

describe('a pipeline in worker processes over a folder', () => {
  it('runs, keeps its artifacts and logs, and is all hits the second time', async () => {
    const request = { compiled, parameters: { text: 'hello' }, concurrency: 2, caching: 'on' } as const;
    const first = await startRun({ ...request, runId: 'one' }, bench.ports);
    expect(first.failure).toBeUndefined();
    expect(first.outputs.parameters).toEqual({ length: 5 });
    const [make, count] = first.tasks;
    expect(make?.outputs?.artifacts['data']?.[0]).toMatchObject({
      uri: 'runs/one/tasks/make/1/data',
      folder: true,
      files: 1,
      size: 5,
      metadata: { words: 1 },
    });
    expect(count?.outputs?.artifacts['scores']?.[0]).toMatchObject({
      metadata: { zeta: 1, length: 5 },
      files: 0,
    });
    expect(await readFile(join(folder, 'runs/one/tasks/count/1/page.html'), 'utf8')).toBe('<p>hello');
    expect(await bench.root.readLog({ runId: 'one', task: 'make', number: 1 })).toBe('writing hello\n');
    expect(bench.lines).toEqual([{ task: 'make', attempt: 1, text: 'writing hello' }]);

    const second = await startRun({ ...request, runId: 'two' }, bench.ports);
    expect(second.tasks.map((task) => [task.status, task.from?.runId])).toEqual([
      ['cached', 'one'],
      ['cached', 'one'],
    ]);
    // Byte for byte: metrics keep the order in which they were logged.
    expect(JSON.stringify(second.tasks.map((task) => task.outputs))).toBe(
      JSON.stringify(first.tasks.map((task) => task.outputs)),
    );
  });

  it('keeps no secret: not in logs, errors, events, artifacts of the run or anywhere under the root', async () => {
    const secret = 'hunter2-and-more';
    const code = await bundles.add(`async ({ fail }) => {
      const value = process.env.TEST_TOKEN;
      console.log('token ' + value);
      process.stdout.write(value.slice(0, 5));
      await new Promise((done) => setTimeout(done, 20));
      process.stdout.write(value.slice(5) + '\\n');
      if (fail) throw new Error('refused: ' + value);
    }`);
    const task = (fail: boolean): Parameters<typeof pipelineOf>[0]['tasks'][string] => ({
      code,
      identity: { secretEnv: ['TEST_TOKEN'] },
      parameters: { fail: { constant: fail } },
      parameterTypes: { fail: { parameterType: 'BOOLEAN' } },
    });
    process.env['TEST_TOKEN'] = secret;
    const own = await mkdtemp(join(tmpdir(), 'ferrule-secret-'));
    const guarded = await openWorkbench(own, bundles.folder);
    const request = { parameters: {}, concurrency: 1, caching: 'on' } as const;
    const state = await startRun(
      { ...request, compiled: pipelineOf({ tasks: { good: task(false), bad: task(true) } }), runId: 's' },
      guarded.ports,
    );
    await guarded.runner.close();
    delete process.env['TEST_TOKEN'];
    expect(state.tasks.map((one) => one.status)).toEqual(['succeeded', 'failed']);
    expect(guarded.lines.length).toBeGreaterThan(3);
    expect(JSON.stringify([guarded.lines, guarded.events, state])).not.toContain(secret);
    const found = await readdir(own, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(await readFile(file, 'utf8')).not.toContain(secret);
    await rm(own, { recursive: true });
  });

  it('runs a task again whose output in the cache was changed, and then nothing after it', async () => {
    await writeFile(join(folder, 'runs/one/tasks/make/1/data/a.txt'), 'HELLO');
    const request = { compiled, parameters: { text: 'hello' }, concurrency: 2, caching: 'on' } as const;
    const third = await startRun({ ...request, runId: 'three' }, bench.ports);
    expect(third.tasks.map((task) => [task.name, task.status, task.reason])).toEqual([
      ['make', 'succeeded', 'an output in the cache no longer holds: runs/one/tasks/make/1/data was changed'],
      ['count', 'cached', 'the same as "count" of run one'],
    ]);
    const fourth = await startRun({ ...request, runId: 'four' }, bench.ports);
    expect(fourth.tasks.map((task) => task.from?.runId)).toEqual(['three', 'one']);
  });
});
