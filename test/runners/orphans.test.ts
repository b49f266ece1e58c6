import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { attemptOf } from './attempts.ts';
import { bundleFolder } from './components.ts';
import { isRunning } from './processes.ts';

/** Code of a component that says its own number and that of a child, and then does not end. */
const say = `
  const child = spawn('sleep', ['300']);
  writeFileSync(file, process.pid + ' ' + child.pid + ' ' + process.ppid);`;

describe('a runner whose process is killed', () => {
  let driver: ChildProcess | undefined;
  afterEach(() => {
    if (driver?.pid !== undefined && isRunning(driver.pid)) process.kill(-driver.pid, 'SIGKILL');
  });

  it.each([
    ['a worker that waits', 'await new Promise(() => {});', 'process'],
    ['a worker that computes without a pause', 'for (;;);', 'process'],
    ['a worker that ignores signals', `process.on('SIGTERM', () => {}); for (;;);`, 'process'],
    ['a worker, where its whole process group is killed', 'for (;;);', 'group'],
  ] as const)('leaves no trace of %s', async (_, rest, target) => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-orphan-'));
    const file = join(folder, 'pids');
    const bundles = await bundleFolder();
    const code = await bundles.add(
      `async ({ file }) => { ${say} ${rest} }`,
      `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';`,
    );
    const { signal: _signal, ...attempt } = await attemptOf({ code, parameters: { file } });
    const plan = join(folder, 'plan.json');
    await writeFile(plan, JSON.stringify({ attempt, bundle: await bundles.folderOf(code) }));
    driver = spawn(process.execPath, [await driverProgram(folder), plan], {
      detached: true,
      stdio: 'inherit',
    });
    const driverPid = driver.pid ?? 0;
    await expect
      .poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 })
      .toMatch(/^\d+ \d+ \d+$/);
    const [worker = 0, child = 0, parent] = (await readFile(file, 'utf8')).split(' ').map(Number);
    expect(parent).toBe(driverPid);
    expect([worker, child].map(isRunning)).toEqual([true, true]);

    process.kill(target === 'group' ? -driverPid : driverPid, 'SIGKILL');

    await expect.poll(() => [worker, child].map(isRunning), { timeout: 10_000 }).toEqual([false, false]);
  });
});

describe('a process with a runner', () => {
  it.each([
    ['ends by itself though the runner is not closed', '() => process.pid', ''],
    ['waits for the runner to close', '() => process.pid', 'await runner.close(); console.log("closed");'],
    [
      'waits for the end of a worker that cannot be used again',
      '() => { setInterval(() => {}, 1000); return process.pid; }',
      'console.log("closed");',
    ],
  ])('%s', async (_, body, then) => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-end-'));
    const bundles = await bundleFolder();
    const code = await bundles.add(body);
    const returns = { Output: 'NUMBER_INTEGER' } as const;
    const { signal: _signal, ...attempt } = await attemptOf({ code, returns });
    const plan = join(folder, 'plan.json');
    await writeFile(plan, JSON.stringify({ attempt, bundle: await bundles.folderOf(code) }));
    const program = await driverProgram(
      folder,
      `console.log(outcome.output.parameterValues.Output); ${then}`,
    );
    const ended = await new Promise<{ failed: boolean; stdout: string }>((resolve) => {
      execFile(process.execPath, [program, plan], (error, stdout) =>
        resolve({ failed: error !== null, stdout }),
      );
    });
    const [pid, ...rest] = ended.stdout.trim().split('\n');
    expect(ended.failed).toBe(false);
    expect(rest).toEqual(then === '' ? [] : ['closed']);
    await expect.poll(() => isRunning(Number(pid)), { timeout: 10_000 }).toBe(false);
  });
});

/** Builds a program that runs one attempt with the local runner, and then something more. */
async function driverProgram(folder: string, then = ''): Promise<string> {
  const outfile = join(folder, 'driver.mjs');
  const worker = join(import.meta.dirname, '../../dist/runners/local/local-runner.js');
  await build({
    stdin: {
      contents: `
        import { readFileSync } from 'node:fs';
        import { localRunner } from '../../runners/local/index.ts';
        const { attempt, bundle } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
        const runner = localRunner({ bundles: { folderOf: async () => bundle }, env: process.env });
        const signal = new AbortController().signal;
        const outcome = await runner.start({ ...attempt, signal }, { line: () => {} });
        ${then}`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    // The runner looks for the program of its workers from where it lies itself.
    define: { 'import.meta.url': JSON.stringify(`file://${worker}`) },
    logLevel: 'silent',
  });
  return outfile;
}
