/** What the local runner costs by itself: a first task, a warm one, isolated ones, and a worker that waits. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Attempt, Runner } from '../../engine/ports.ts';
import { digestOfBundle } from '../../executor/bundle.ts';
import { localRunner } from '../../runners/local/index.ts';
import { readIdentity, writeIdentityArgs, type Digest } from '../../spec/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'ferrule-bench-'));
const silent = { kept: 0, line: (): void => undefined, progress: (): void => undefined };
let count = 0;

try {
  const bundle = join(folder, 'bundle');
  await mkdir(bundle);
  await writeFile(join(bundle, 'bundle.mjs'), 'export default { body: () => process.pid };\n');
  const code = await digestOfBundle(bundle);
  const make = (): Runner =>
    localRunner({ bundles: { folderOf: async () => bundle }, env: process.env, concurrency: 4 });

  print('first task, runner just made', await sampled(10, () => firstTask(make, code, 0)));
  print('first task, runner made 200 ms before', await sampled(10, () => firstTask(make, code, 200)));
  const runner = make();
  await run(runner, code);
  print('a warm no-op task, one after the other', await sampled(20, () => each(runner, code, 100, 1)));
  print('a warm no-op task, four at a time', await sampled(20, () => each(runner, code, 100, 4)));
  print('an isolated task', await sampled(10, () => each(runner, code, 2, 1, true)));
  const pid = await run(runner, code);
  console.log(`an idle worker holds ${await privateMegabytes(pid)} MB of its own`);
  await runner.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

function attemptOf(code: Digest, isolate: boolean): Attempt {
  const identity = { function: 'noop', code, reads: [], vary: [], isolate, secretEnv: [] };
  const container = { image: 'bench', command: ['node'], args: writeIdentityArgs(identity) };
  const read = readIdentity(container);
  return {
    name: `bench-${count++}`,
    runId: 'bench',
    pipeline: 'bench',
    startedAt: '2026-01-01T00:00:00.000Z',
    task: 'noop',
    number: 1,
    container,
    ...(read && { identity: read }),
    component: { outputDefinitions: { parameters: { Output: { parameterType: 'NUMBER_INTEGER' } } } },
    input: {
      inputs: {},
      outputs: { parameters: { Output: { outputFile: '/unused' } }, outputFile: '/unused' },
    },
    folder,
    signal: new AbortController().signal,
  };
}

/** Runs one no-op task and gives the number of the process that ran it. */
async function run(runner: Runner, code: Digest, isolate = false): Promise<number> {
  const outcome = await runner.start(attemptOf(code, isolate), silent);
  if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
  return Number(outcome.output.parameterValues?.['Output']);
}

async function firstTask(make: () => Runner, code: Digest, ahead: number): Promise<number> {
  const before = performance.now();
  const runner = make();
  if (ahead > 0) await wait(ahead);
  const start = ahead > 0 ? performance.now() : before;
  await run(runner, code);
  const took = performance.now() - start;
  await runner.close();
  return took;
}

/** Milliseconds a task, over `tasks` of them in `lanes` lanes. */
async function each(
  runner: Runner,
  code: Digest,
  tasks: number,
  lanes: number,
  isolate = false,
): Promise<number> {
  const start = performance.now();
  let left = tasks;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await run(runner, code, isolate);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (performance.now() - start) / tasks;
}

async function sampled(samples: number, measure: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let sample = 0; sample < samples; sample++) values.push(await measure());
  return values.sort((a, b) => a - b);
}

function print(what: string, sorted: readonly number[]): void {
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2);
  console.log(`${what}: ${at(0.5)} ms (${at(0)}-${at(1)}, ${sorted.length} samples)`);
}

/** Memory that is not shared with other processes, where the system tells. */
async function privateMegabytes(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].map((match) => Number(match[1]));
  return (kilobytes.reduce((sum, value) => sum + value, 0) / 1000).toFixed(0);
}
