import { spawn } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { lightweightPayload } from '../../compiler/bundle/lightweight.ts';
import type { Attempt, Outcome } from '../../engine/ports.ts';
import { dockerRunner } from '../../runners/docker/index.ts';
import { dockerEngine } from '../counterparts.ts';
import { attemptOf, keptLog } from './attempts.ts';
import { bundleFolder } from './components.ts';
import { withCode } from './docker/ground.ts';
import { docker, shellImage } from './docker/images.ts';
import { relaySocket } from './docker/relay.ts';

/** A driver in a process of its own: runs one attempt, and tells its lines and outcome as JSON, one a line. */
const driverSource = `
  import { readFileSync } from 'node:fs';
  import { dockerRunner } from '../../runners/docker/index.ts';
  const attempt = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const tell = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
  const sink = { kept: 0, line: (line) => tell({ line }), progress: (progress) => tell({ progress }) };
  const signal = new AbortController().signal;
  const runner = dockerRunner({ env: process.env });
  void runner.start({ ...attempt, signal }, sink).then((outcome) => tell({ outcome }));`;

let program = '';

/** Writes an attempt down for a driver. */
async function planOf(attempt: Attempt): Promise<string> {
  const plan = join(attempt.folder, '..', 'plan.json');
  await writeFile(plan, JSON.stringify(attempt));
  return plan;
}

async function attemptWith(script: string, uid?: number): Promise<{ attempt: Attempt; plan: string }> {
  const { identity: _, ...draft } = await attemptOf({
    code: `sha256:${'0'.repeat(64)}`,
    returns: { p: 'STRING' },
    outputs: { model: 'system.Model' },
  });
  const attempt = { ...draft, container: { image: shellImage, command: ['sh', '-c', script] } };
  const root = join(attempt.folder, '..');
  const plan = await planOf(attempt);
  if (uid !== undefined)
    for (const path of [root, attempt.folder, join(root, 'outputs'), plan]) await chown(path, uid, uid);
  return { attempt, plan };
}

describe.skipIf(dockerEngine === undefined)('drivers of one container', () => {
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-driver-'));
    await chmod(folder, 0o755);
    program = join(folder, 'driver.cjs');
    await build({
      stdin: { contents: driverSource, resolveDir: import.meta.dirname, loader: 'ts' },
      outfile: program,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      // Optional parts of ways to an engine that nobody takes here.
      external: ['cpu-features', '*.node'],
      logLevel: 'silent',
    });
  });

  it('may be killed: the container goes on, and the next one has its outcome and the rest of its log', async () => {
    const { attempt, plan } = await attemptWith(
      `for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.4; done; printf done > {{$.outputs.parameters['p'].output_file}}`,
    );
    const driver = spawn(process.execPath, [program, plan], { stdio: ['ignore', 'pipe', 'inherit'] });
    const first = await new Promise<readonly string[]>((resolve) => {
      const lines: string[] = [];
      driver.stdout.on('data', (chunk: Buffer) => {
        for (const text of chunk.toString().trim().split('\n')) {
          const { line } = JSON.parse(text) as { line?: string };
          if (line !== undefined) lines.push(line);
        }
        if (lines.length >= 3) resolve(lines.slice());
      });
    });
    driver.kill('SIGKILL');
    await new Promise((resolve) => driver.once('exit', resolve));
    expect((await docker().getContainer(attempt.name).inspect()).State.Running).toBe(true);
    const log = keptLog(first.length);
    const adoption = await dockerRunner({ env: process.env }).adopt(attempt, log);
    const outcome = adoption.kind === 'running' ? await adoption.outcome : adoption;
    expect(outcome).toMatchObject({ kind: 'succeeded', output: { parameterValues: { p: 'done' } } });
    expect([...first, ...log.lines]).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => `line ${i}`));
  });

  it.each([
    ['has its outcome and its whole log', 'exit 0', { kind: 'succeeded' }],
    [
      'does not hold its failure against the task',
      'exit 1',
      { kind: 'lost', reason: 'the Docker engine was restarted while it ran' },
    ],
  ])('one whose engine goes away and comes back %s', async (_, end, outcome) => {
    const relay = await relaySocket();
    const script = `printf x > {{$.outputs.parameters['p'].output_file}}; for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.3; done; ${end}`;
    const { attempt } = await attemptWith(script);
    const runner = dockerRunner({ env: { DOCKER_HOST: relay.address } });
    const log = keptLog();
    let broken: Promise<void> | undefined;
    const line = (text: string): void => {
      log.line(text);
      if (text === 'line 2') broken = relay.breakOff();
    };
    const ended = runner.start(attempt, { ...log, line });
    await expect.poll(() => broken !== undefined, { timeout: 10_000 }).toBe(true);
    await broken;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await relay.comeBack();
    expect(await ended).toMatchObject(outcome);
    expect(log.lines).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => `line ${i}`));
    await relay.breakOff();
  });

  it('says that its engine is gone where it stays away', async () => {
    const relay = await relaySocket();
    const { attempt } = await attemptWith('sleep 30');
    const runner = dockerRunner({ env: { DOCKER_HOST: relay.address }, patience: 1000 });
    const progress = (): void => void relay.breakOff();
    expect(await runner.start(attempt, { ...keptLog(), progress })).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6100', kind: 'infrastructure', retryable: true },
    });
    await docker().getContainer(attempt.name).remove({ force: true });
  });

  it('end by themselves once their container has', async () => {
    const bundles = await bundleFolder();
    const code = await bundles.add('() => 1');
    const payload = lightweightPayload((await bundles.folderOf(code)) ?? '');
    const draft = await attemptOf({ code, identity: { payload }, returns: { Output: 'NUMBER_INTEGER' } });
    const plan = await planOf(withCode(draft, bundles.folder, ''));
    const driver = spawn(process.execPath, [program, plan], { stdio: ['ignore', 'pipe', 'inherit'] });
    const printed: string[] = [];
    driver.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    const exitCode = await new Promise((resolve) => driver.once('exit', resolve));
    expect(exitCode).toBe(0);
    expect(printed.join('')).toContain('"Output":1');
  }, 20_000);

  it.skipIf(process.getuid?.() !== 0)('make outputs that belong to whoever runs them', async () => {
    const uid = 12_345;
    const relay = await relaySocket();
    const { attempt, plan } = await attemptWith(
      "id -u; echo $HOME; echo weights > {{$.outputs.artifacts['model'].path}}; printf x > {{$.outputs.parameters['p'].output_file}}",
      uid,
    );
    const driver = spawn(
      'setpriv',
      [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', process.execPath, program, plan],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DOCKER_HOST: relay.address } },
    );
    const printed: string[] = [];
    driver.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    driver.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    await new Promise((resolve) => driver.once('close', resolve));
    await relay.breakOff();
    const told = printed
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line?: string; outcome?: Outcome });
    expect(told.flatMap(({ line }) => line ?? [])).toEqual([`${uid}`, '/tmp']);
    expect(told.at(-1)?.outcome).toMatchObject({ kind: 'succeeded' });
    const model = attempt.input.outputs.artifacts?.['model']?.artifacts[0]?.uri ?? '';
    expect(await readFile(model, 'utf8')).toBe('weights\n');
    expect((await stat(model)).uid).toBe(uid);
  });
});
