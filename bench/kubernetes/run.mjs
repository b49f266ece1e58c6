// What a run on Kubernetes costs beside the same Jobs created directly: chains of no-op tasks, many at once, a cached
// re-run. Needs what `npm run cluster up` starts: a cluster, a registry, a Docker engine and a GCS server.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../measure.mjs';
import { openCluster } from './cluster.mjs';
import { allAtOnce, idleJobs, jobsOfRun, oneByOne } from './raw-jobs.mjs';

const ferrule = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'ferrule.mjs');
const repeats = Number(process.argv[2] ?? 3);
const { FERRULE_TEST_REGISTRY: registry, FERRULE_FAKE_GCS_URL: gcs } = process.env;
if (registry === undefined || gcs === undefined) {
  console.error('the cluster is not up: npm run cluster up, and take over the variables that it prints');
  process.exit(1);
}
const cluster = await openCluster();
const folder = mkdtempSync(join(tmpdir(), 'ferrule-bench-'));
const { Storage } = await import('@google-cloud/storage');
const storage = new Storage({ apiEndpoint: gcs, projectId: 'bench' });
const bucket = storage.bucket(`bench-${Date.now().toString(36)}`);
const env = {
  ...process.env,
  NO_COLOR: '1',
  FERRULE_GCS_ENDPOINT: gcs,
  KUBECONFIG: process.env.FERRULE_TEST_KUBECONFIG,
  NOOP_URI: `${registry}/bench/noop:1`,
};

try {
  await bucket.create();
  makeProject();
  await run(['build', '--pipeline', 'chain3.ts', '--push']);
  const image = await compiledImage();
  console.log(`image ${image}; ${repeats} runs of each, taking turns`);
  await compare('3 steps in a chain', 'chain3.ts', oneByOne, image, 3);
  await compare('20 steps in a chain', 'chain20.ts', oneByOne, image, 20);
  await compare('50 at once', 'fan50.ts', allAtOnce, image, 50);
  await cached();
} finally {
  await cluster.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs all, in turns, and prints wall times, ratios, and pods a task. */
async function compare(title, file, raw, image, tasks) {
  const seconds = { idle: [], same: [], ferrule: [] };
  let pods = 0;
  for (let index = 0; index < repeats; index++) {
    const before = await cluster.podsSeen();
    let runId = '';
    seconds.ferrule.push(
      await timed(async () => ({ runId } = JSON.parse(await run(runArguments(file, '--refresh'))))),
    );
    pods = (await cluster.podsSeen()) - before;
    const jobs = await jobsOfRun(cluster, bucket, runId);
    seconds.same.push(await timed(() => raw(cluster, jobs)));
    seconds.idle.push(await timed(() => raw(cluster, idleJobs(image, tasks))));
  }
  const [idle, same, ours] = [seconds.idle, seconds.same, seconds.ferrule].map(median);
  console.log(
    `${title}: ferrule run ${ours.toFixed(1)} s; the same Jobs directly ${same.toFixed(1)} s (ratio ${(ours / same).toFixed(2)}); ` +
      `Jobs that do nothing ${idle.toFixed(1)} s (ratio ${(ours / idle).toFixed(2)}); ${(pods / tasks).toFixed(2)} pods a task`,
  );
}

/** Runs again what was just run: whole process, from the command to its end. */
async function cached() {
  const before = await cluster.podsSeen();
  const times = [];
  for (let index = 0; index < 5; index++) times.push(await timed(() => run(runArguments('chain3.ts'))));
  const pods = (await cluster.podsSeen()) - before;
  console.log(`3 steps again, all cached: ${median(times).toFixed(2)} s, ${pods} pods`);
}

function runArguments(file, ...more) {
  const root = ['--root', `gs://${bucket.name}/root`];
  const where = ['--runner', 'kubernetes', '--namespace', cluster.namespace];
  return ['run', file, ...root, ...where, '--json', ...more];
}

/** Runs the command line; the watch on the pods goes on meanwhile. */
async function run(args) {
  const { stdout } = await promisify(execFile)(process.execPath, [ferrule, ...args], {
    cwd: folder,
    env,
    maxBuffer: 2 ** 28,
  });
  return stdout;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Gives the reference, with its digest, that the pipelines' tasks run. */
async function compiledImage() {
  const text = await run(['compile', 'chain3.ts', '-o', '-']);
  return /image: "?([^"\s]+)"?/.exec(text)?.[1] ?? '';
}

function makeProject() {
  const chain = (n) =>
    Array.from({ length: n - 1 }, () => '  last = noop({ n: last.outputs.Output });\n').join('');
  const pipelineOf = (name, body) =>
    `import { int, pipeline } from 'ferrule';\nimport { noop } from './noop.ts';\n\nexport default pipeline('${name}', { n: int(0) }, ({ n }) => {\n${body}});\n`;
  const files = {
    'package.json': JSON.stringify({ name: 'bench', type: 'module', private: true }),
    'package-lock.json': JSON.stringify({ name: 'bench', lockfileVersion: 3, packages: {} }),
    'cluster.yaml': `env:\n  FERRULE_GCS_ENDPOINT: ${gcs}\n`,
    'noop.ts': `import { component, type Int } from 'ferrule';\n\nexport const noop = component(\n  { image: { name: 'noop', uriFrom: 'NOOP_URI' } },\n  async ({ n }: { n: Int }): Promise<Int> => n + 1 as Int,\n);\n`,
    'chain3.ts': pipelineOf('chain3', `  let last = noop({ n });\n${chain(3)}`),
    'chain20.ts': pipelineOf('chain20', `  let last = noop({ n });\n${chain(20)}`),
    'fan50.ts': pipelineOf('fan50', '  for (let i = 0; i < 50; i++) noop({ n: int(i) });\n'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
