/**
 * What it costs to drive 2,000 tasks on a cluster: wall time, processor time, memory and lag of the driver, and requests
 * to the API server a task. The nodes only say that they run pods (`npm run cluster -- up --kwok 40`); scheduler, Job
 * controller and API server are real. Artifacts are kept in memory.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { startRun, type AttemptResult, type EnginePorts } from '../../engine/index.ts';
import { kubernetesRunner } from '../../runners/kubernetes/index.ts';
import { writeIdentityArgs, type CompiledPipeline, type TaskSpec } from '../../spec/index.ts';
import { openRoot } from '../../stores/index.ts';

const count = Number(process.argv[2] ?? 2000);
const concurrency = Number(process.argv[3] ?? 200);
const kubeconfig = process.env['FERRULE_TEST_KUBECONFIG'];
if (kubeconfig === undefined)
  throw new Error('npm run cluster -- up --kwok 40, and take over what it prints');
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(CoreV1Api);
const namespace = `scale-${Date.now().toString(36)}`;
const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
await wait(1000);
const folder = await mkdtemp(join(tmpdir(), 'ferrule-bench-'));
const runner = kubernetesRunner({
  kubeconfig,
  namespace,
  root: 'gs://nowhere/root',
  nodeSelector: { 'ferrule.test/pool': 'kwok' },
  tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
  annotations: { 'ferrule.test/duration': '5s' },
  ttlSecondsAfterFinished: 30,
});

try {
  const logsBefore = await logRequests();
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const processor = process.cpuUsage();
  const start = performance.now();
  const state = await startRun(
    { compiled: wide(count), parameters: {}, runId: `r-${randomUUID()}`, caching: 'off', concurrency },
    await ports(),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const attempts = state.tasks.reduce((sum, task) => sum + task.attempts, 0);
  console.log(`${count} tasks, ${concurrency} at a time: ${state.status} in ${seconds.toFixed(0)} s`);
  const logs = (await logRequests()) - logsBefore;
  console.log(
    `attempts: ${attempts}; requests a task: ${((runner.requests() - logs) / count).toFixed(2)}, ` +
      `and ${(logs / count).toFixed(2)} for logs, which these nodes do not have`,
  );
  console.log(
    `the driver: ${((user + system) / 1e6).toFixed(1)} s of processor time (${((user + system) / 1e3 / count).toFixed(1)} ms a task), ` +
      `${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most, ` +
      `lag ${(lag.percentile(50) / 1e6).toFixed(0)} ms in the middle, ${(lag.percentile(99) / 1e6).toFixed(0)} ms at the 99th percentile`,
  );
  if (state.status !== 'succeeded') console.log(state.failure);
} finally {
  await runner.close();
  await core.deleteNamespace({ name: namespace });
  await rm(folder, { recursive: true });
}

/** Ports over a folder, but that an attempt's result is there as soon as it is asked for. */
async function ports(): Promise<EnginePorts> {
  const { runs, artifacts, cache } = await openRoot(folder);
  const made: AttemptResult = { kind: 'succeeded', outputs: { parameters: { Output: 1 }, artifacts: {} } };
  return {
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
    },
    ids: { unique: () => randomUUID() },
    runner,
    runs,
    cache,
    artifacts: { ...artifacts, result: async () => made, assign: async () => undefined },
    bundles: { folderOf: async () => undefined },
    outsideData: { digest: async () => ({ kind: 'undigestable', reason: 'a bench' }) },
    observer: { event: () => undefined, log: () => undefined },
  };
}

/** Reads how often the API server was asked for logs so far. */
async function logRequests(): Promise<number> {
  const cluster = config.getCurrentCluster();
  const text = await new Promise<string>((resolve, reject) => {
    void (async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      get(`${cluster?.server}/metrics`, options, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      }).on('error', reject);
    })().catch(reject);
  });
  const counts = text
    .split('\n')
    .filter((line) => line.startsWith('apiserver_request_total{') && line.includes('subresource="log"'));
  return counts.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Tasks that do not wait for each other. */
function wide(size: number): CompiledPipeline {
  const args = writeIdentityArgs({
    function: 'step',
    code: `sha256:${'0'.repeat(64)}`,
    reads: [],
    vary: [],
    isolate: false,
    secretEnv: [],
  });
  const container = { image: 'bench/step:1', command: ['node', '/ferrule/run.mjs'], args };
  const tasks = Object.fromEntries(
    Array.from({ length: size }, (_, index): [string, TaskSpec] => [
      `step-${index}`,
      { taskInfo: { name: `step-${index}` }, componentRef: { name: 'comp-step' } },
    ]),
  );
  return {
    spec: {
      schemaVersion: '2.1.0',
      pipelineInfo: { name: 'bench' },
      root: { dag: { tasks } },
      components: {
        'comp-step': {
          executorLabel: 'exec-step',
          outputDefinitions: { parameters: { Output: { parameterType: 'NUMBER_INTEGER' } } },
        },
      },
      deploymentSpec: { executors: { 'exec-step': { container } } },
    },
  };
}
