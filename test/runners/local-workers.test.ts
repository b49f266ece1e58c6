import { mkdtemp, readFile, rm, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runner } from '../../engine/ports.ts';
import { localRunner } from '../../runners/local/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import { attemptOf, keptLog, type AttemptDraft } from './attempts.ts';
import { bundleFolder, type BundleFolder } from './components.ts';
import { isRunning } from './processes.ts';

describe('workers of the local runner', () => {
  let bundles: BundleFolder;
  let runner: Runner;
  beforeAll(async () => {
    bundles = await bundleFolder();
    runner = localRunner({ bundles, env: { PATH: process.env['PATH'] }, grace: 200 });
  });
  afterAll(() => runner.close());

  /** Runs a component that gives one value; the same text is the same code. */
  const valueOf = async (
    body: string,
    draft: Omit<AttemptDraft, 'code'> = {},
    top = '',
  ): Promise<JsonValue | undefined> => {
    const code = await bundles.add(body, top);
    const outcome = await runner.start(
      await attemptOf({ code, returns: { value: 'STRUCT' }, ...draft }),
      keptLog(),
    );
    if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
    return outcome.output.parameterValues?.['value'];
  };

  it('serve the next task of the same code, and no task of another', async () => {
    const body = '() => ({ value: { pid: process.pid } })';
    const first = await valueOf(body);
    expect(await valueOf(body)).toEqual(first);
    expect(await valueOf(`() => ({ value: { pid: process.pid, other: true } })`)).not.toMatchObject(
      first as object,
    );
  });

  it('are not shared by tasks whose declared variables differ', async () => {
    const body = '() => ({ value: { pid: process.pid, atTop } })';
    const top = 'const atTop = process.env.MODE;';
    const withMode = (value: string): Omit<AttemptDraft, 'code'> => ({ env: [{ name: 'MODE', value }] });
    const a = await valueOf(body, withMode('a'), top);
    const b = await valueOf(body, withMode('b'), top);
    expect(a).toMatchObject({ atTop: 'a' });
    expect(b).toMatchObject({ atTop: 'b' });
    expect(await valueOf(body, withMode('a'), top)).toEqual(a);
  });

  it('are fresh for each task of a component that is isolated', async () => {
    const body = '() => ({ value: { pid: process.pid, isolated: true } })';
    const isolated = { identity: { isolate: true } };
    expect(await valueOf(body, isolated)).not.toEqual(await valueOf(body, isolated));
  });

  it('get back their environment, folder, globals, console and listeners between tasks', async () => {
    const body = `({ change }) => {
      const seen = {
        pid: process.pid, env: process.env.LEFT ?? null, path: process.env.PATH !== undefined, cwd: process.cwd(),
        global: globalThis.left ?? null, log: console.log === globalThis.first?.log, fetch: typeof fetch,
        listeners: process.listenerCount('SIGUSR2'), exitCode: process.exitCode ?? null, umask: process.umask(),
        write: process.stdout.hasOwnProperty('write'),
      };
      if (change) {
        process.env.LEFT = 'x'; delete process.env.PATH; process.chdir('/'); globalThis.left = 1;
        console.log = () => {}; globalThis.fetch = 3; process.on('SIGUSR2', () => {}); process.exitCode = 9;
        process.umask(0o777); process.stdout.write = () => true;
      }
      return { value: seen };
    }`;
    const first = await valueOf(body, { parameters: { change: true } });
    expect(first).toMatchObject({
      env: null,
      path: true,
      cwd: process.cwd(),
      global: null,
      fetch: 'function',
    });
    expect(await valueOf(body, { parameters: { change: false } })).toEqual(first);
  });

  it.each([
    ['a timer', 'setInterval(() => {}, 1000);'],
    ['a server', 'await new Promise((r) => createServer().listen(0, r));'],
    ['a patched built-in', 'String.prototype.at = () => undefined;'],
    ['a child process', 'spawn("sleep", ["60"]);'],
  ])('are not kept after a task that left %s behind', async (_, leave) => {
    const body = `async () => { ${leave} return { value: { pid: process.pid } }; }`;
    const top = `import { createServer } from 'node:net'; import { spawn } from 'node:child_process';`;
    const first = await valueOf(body, {}, top);
    expect(await valueOf(body, {}, top)).not.toEqual(first);
    expect(isRunning((first as { pid: number }).pid)).toBe(false);
  });

  it('do not outlive a crash of theirs, and neither does what the component started', async () => {
    const marker = join(await mkdtemp(join(tmpdir(), 'ferrule-pid-')), 'pid');
    const code = await bundles.add(
      `async () => { const { pid } = spawn('sleep', ['60']); writeFileSync(${JSON.stringify(marker)}, '' + pid); process.exit(1); }`,
      `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';`,
    );
    await runner.start(await attemptOf({ code }), keptLog());
    const pid = Number(await readFile(marker, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('are replaced where they die while they are idle', async () => {
    const body = '() => ({ value: { pid: process.pid, dies: true } })';
    const { pid } = (await valueOf(body)) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(await valueOf(body)).not.toEqual({ pid, dies: true });
  });

  it('run side by side', async () => {
    const body = `async ({ a, b }) => {
      // Each waits for the other: one after the other, they would wait for good.
      writeFileSync(a, '');
      while (!existsSync(b)) await new Promise((r) => setTimeout(r, 5));
      return { value: {} };
    }`;
    const top = `import { existsSync, writeFileSync } from 'node:fs';`;
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-meet-'));
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    const values = await Promise.all([
      valueOf(body, { parameters: { a, b } }, top),
      valueOf(body, { parameters: { a: b, b: a } }, top),
    ]);
    expect(values).toEqual([{}, {}]);
  });

  it('tell a heap that is full as such', async () => {
    const code = await bundles.add(
      '() => { const kept = []; for (;;) kept.push(new Array(1000).fill({})); }',
    );
    const env = [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=20' }];
    const outcome = await runner.start(await attemptOf({ code, env }), keptLog());
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'FER6010' } });
  });

  it('find packages of the project for a bundle that lies outside it, also in imports made late', async () => {
    const project = await mkdtemp(join(tmpdir(), 'ferrule-project-'));
    await mkdir(join(project, 'node_modules/some-native'), { recursive: true });
    await writeFile(
      join(project, 'node_modules/some-native/package.json'),
      JSON.stringify({ name: 'some-native', type: 'module', exports: './index.js' }),
    );
    await writeFile(join(project, 'node_modules/some-native/index.js'), 'export const answer = 42;');
    const own = localRunner({ bundles, env: {}, packages: [project] });
    const code = await bundles.add(
      `async () => answer + (await import('some-native')).answer`,
      `import { answer } from 'some-native';`,
    );
    const draft = await attemptOf({ code, returns: { Output: 'NUMBER_INTEGER' } });
    expect(await own.start(draft, keptLog())).toMatchObject({ output: { parameterValues: { Output: 84 } } });
    expect(await runner.start({ ...draft, name: 'elsewhere' }, keptLog())).toMatchObject({
      failure: { code: 'FER6002', fix: expect.stringContaining('npm install') as unknown },
    });
    await own.close();
    await rm(project, { recursive: true });
  });

  it('show where in its source a component failed, and the line itself', async () => {
    const code = await bundles.add(
      `async function train() {
         await null;
         readSettings();
       }`,
      `function readSettings() {
         throw new Error('no settings', { cause: new Error('the disk is gone') });
       }`,
    );
    const outcome = await runner.start(await attemptOf({ code }), keptLog());
    const stack = outcome.kind === 'failed' ? outcome.failure.stack : undefined;
    expect(stack?.replaceAll(/[^\s(]*component\.ts/g, 'component.ts').split('\n')).toEqual([
      '    at readSettings (component.ts:3:16)',
      "      3 | throw new Error('no settings', { cause: new Error('the disk is gone') });",
      '    at train (component.ts:7:10)',
      'caused by the disk is gone',
      '    at readSettings (component.ts:3:50)',
      '    at train (component.ts:7:10)',
    ]);
  });

  it('are gone once the runner is closed', async () => {
    const own = localRunner({ bundles, env: {} });
    const code = await bundles.add('() => process.pid');
    const outcome = await own.start(
      await attemptOf({ code, returns: { Output: 'NUMBER_INTEGER' } }),
      keptLog(),
    );
    const pid = outcome.kind === 'succeeded' ? Number(outcome.output.parameterValues?.['Output']) : 0;
    expect(isRunning(pid)).toBe(true);
    await own.close();
    expect(isRunning(pid)).toBe(false);
  });
});
