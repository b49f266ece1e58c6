import { spawn, type ChildProcess } from 'node:child_process';
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

/** Builds a program that runs one attempt with the local runner and never closes it. */
async function driverProgram(folder: string): Promise<string> {
  const outfile = join(folder, 'driver.mjs');
  const worker = join(import.meta.dirname, '../../dist/runners/local/local-runner.js');
  await build({
    stdin: {
      contents: `
        import { readFileSync } from 'node:fs';
        import { localRunner } from '../../runners/local/index.ts';
        const { attempt, bundle } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
        const runner = localRunner({ bundles: { folderOf: async () => bundle }, env: process.env });
        await runner.start({ ...attempt, signal: new AbortController().signal }, { line: () => {} });`,
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
