/**
 * What the engine costs by itself: 10,000 tasks against ports that cost nothing, what a finished task holds in
 * memory, and a run whose 1,000 tasks are all in the cache of a folder.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startRun, type EnginePorts, type RunState } from '../../engine/index.ts';
import { writeIdentityArgs, type CompiledPipeline, type Digest, type TaskSpec } from '../../spec/index.ts';
import { openRoot } from '../../stores/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'ferrule-bench-'));

try {
  for (const shape of ['chain', 'wide'] as const) {
    const compiled = pipelineOf(10_000, shape);
    await timed(compiled, freePorts(), 'off');
    const samples: number[] = [];
    for (let round = 0; round < 5; round++) samples.push(await timed(compiled, freePorts(), 'off'));
    print(
      `engine alone, 10,000 tasks, ${shape}: a task`,
      samples.map((total) => total / 10_000),
    );
  }
  for (const shape of ['items', 'component'] as const) {
    const loop = loopOf(10_000, shape);
    await timed(loop, freePorts(), 'off');
    const samples: number[] = [];
    for (let round = 0; round < 5; round++) samples.push(await timed(loop, freePorts(), 'off'));
    print(
      `engine alone, a loop of 10,000 items over a ${shape === 'items' ? 'group of one task' : shape}: an item`,
      samples.map((total) => total / 10_000),
    );
  }
  for (const count of [2_000, 20_000]) {
    const before = heap();
    const state = await drive(loopOf(count, 'items'), freePorts(), 'off');
    console.log(
      `memory after a loop of ${count} items: ${((heap() - before) / count).toFixed(2)} KB an item (${state.tasks.length} tasks)`,
    );
  }
  for (const lines of [0, 100]) {
    const ports = freePorts(lines);
    const before = heap();
    const state = await drive(pipelineOf(2_000, 'chain'), ports, 'off');
    console.log(
      `memory after 2,000 tasks that printed ${lines} lines each: ${((heap() - before) / 2_000).toFixed(2)} KB a task (${state.tasks.length})`,
    );
  }
  const root = await openRoot(folder);
  const { runs, artifacts, cache } = root;
  const ports = { ...freePorts(), runs, artifacts, cache };
  const compiled = pipelineOf(1_000, 'wide');
  const cold = await timed(compiled, ports, 'on');
  const warm: number[] = [];
  for (let round = 0; round < 5; round++) warm.push(await timed(compiled, ports, 'on'));
  print(
    '1,000 tasks that are all cached, over a folder: a task',
    warm.map((total) => total / 1_000),
  );
  console.log(`the same on a miss, with a runner that costs nothing: ${(cold / 1_000).toFixed(3)} ms a task`);
  const chain = pipelineOf(1_000, 'chain');
  await timed(chain, ports, 'on');
  const chained: number[] = [];
  for (let round = 0; round < 5; round++) chained.push(await timed(chain, ports, 'on'));
  print(
    'the same, one after the other: a task',
    chained.map((total) => total / 1_000),
  );
} finally {
  await rm(folder, { recursive: true });
}

async function timed(compiled: CompiledPipeline, ports: EnginePorts, caching: 'on' | 'off'): Promise<number> {
  const start = performance.now();
  const state = await drive(compiled, ports, caching);
  const took = performance.now() - start;
  if (state.status !== 'succeeded') throw new Error(`the run ${state.status}: ${state.failure?.problem}`);
  return took;
}

function drive(compiled: CompiledPipeline, ports: EnginePorts, caching: 'on' | 'off'): Promise<RunState> {
  const runId = `r-${randomUUID()}`;
  return startRun({ compiled, parameters: {}, runId, caching, concurrency: 16 }, ports);
}

/** Tasks that give a number, each from the one before or all from constants. */
function pipelineOf(count: number, shape: 'chain' | 'wide'): CompiledPipeline {
  const code: Digest = `sha256:${createHash('sha256').update('bench').digest('hex')}`;
  const args = writeIdentityArgs({
    function: 'step',
    code,
    reads: [],
    vary: [],
    isolate: false,
    secretEnv: [],
  });
  const tasks: Record<string, TaskSpec> = {};
  for (let index = 0; index < count; index++)
    tasks[`step-${index}`] = {
      taskInfo: { name: `step-${index}` },
      componentRef: { name: 'comp-step' },
      cachingOptions: { enableCache: true },
      inputs: {
        parameters: {
          n:
            shape === 'wide' || index === 0
              ? { runtimeValue: { constant: index } }
              : { taskOutputParameter: { producerTask: `step-${index - 1}`, outputParameterKey: 'Output' } },
        },
      },
    };
  return {
    spec: {
      schemaVersion: '2.1.0',
      pipelineInfo: { name: 'bench' },
      root: { dag: { tasks } },
      components: {
        'comp-step': {
          executorLabel: 'exec-step',
          inputDefinitions: { parameters: { n: { parameterType: 'NUMBER_INTEGER' } } },
          outputDefinitions: {
            parameters: { Output: { parameterType: 'NUMBER_INTEGER' } },
            artifacts: { data: { artifactType: { schemaTitle: 'system.Metrics' } } },
          },
        },
      },
      deploymentSpec: {
        executors: { 'exec-step': { container: { image: 'x', command: ['node', 'run.mjs'], args } } },
      },
    },
  };
}

/** A loop over numbers: of a group that holds one task, or of the component itself. */
function loopOf(count: number, shape: 'items' | 'component'): CompiledPipeline {
  const { spec } = pipelineOf(0, 'wide');
  const items = { raw: JSON.stringify(Array.from({ length: count }, (_, index) => index)) };
  const loop: TaskSpec = {
    taskInfo: { name: 'loop' },
    componentRef: { name: shape === 'items' ? 'comp-loop' : 'comp-step' },
    cachingOptions: { enableCache: true },
    parameterIterator: { itemInput: 'n', items },
  };
  const step: TaskSpec = {
    taskInfo: { name: 'step' },
    componentRef: { name: 'comp-step' },
    cachingOptions: { enableCache: true },
    inputs: { parameters: { n: { componentInputParameter: 'n' } } },
  };
  const group = {
    dag: {
      tasks: { step },
      outputs: {
        parameters: {
          Output: { valueFromParameter: { producerSubtask: 'step', outputParameterKey: 'Output' } },
        },
      },
    },
    outputDefinitions: { parameters: { Output: { parameterType: 'LIST' as const } } },
  };
  return {
    spec: {
      ...spec,
      root: { dag: { tasks: { loop } } },
      components: { ...spec.components, 'comp-loop': group },
    },
  };
}

/** Ports that cost nothing, so that what is left is the engine. */
function freePorts(lines = 0): EnginePorts {
  const nothing = (): void => undefined;
  const outputs = { parameters: { Output: 1 }, artifacts: {} };
  let entries = 0;
  return {
    clock: { now: () => Date.now(), sleep: async () => undefined },
    ids: { unique: () => randomUUID() },
    runner: {
      name: 'free',
      staging: 'driver',
      platform: { platform: 'bench' },
      refuse: () => undefined,
      async start(attempt, log) {
        for (let line = 0; line < lines; line++)
          log.line(`${attempt.name}: line ${line} of what it has to say`);
        return {
          kind: 'succeeded',
          output: { parameterValues: { Output: attempt.input.inputs.parameterValues?.['n'] ?? 0 } },
        };
      },
      adopt: async () => ({ kind: 'absent' }),
      close: async () => undefined,
    },
    runs: {
      create: async () => 'created',
      spec: async () => undefined,
      list: async () => [],
      requestCancel: async () => undefined,
      forgetCancel: async () => undefined,
      watchCancel: () => nothing,
      attend: async () => async () => undefined,
      driverOf: async () => undefined,
      log: () => ({
        async append(entry) {
          entries += JSON.stringify(entry).length;
          return entries > 0 ? 'appended' : 'conflict';
        },
        async *read() {},
      }),
    },
    artifacts: {
      places: () => ({ folder: '/', outputs: { outputFile: '/x' } }),
      prepare: async () => ({ folder: '/', outputs: { outputFile: '/x' } }),
      openLog: async () => ({ kept: 0, line: nothing, close: async () => undefined }),
      assign: async () => undefined,
      fetch: async ({ uri }) => uri,
      seal: async () => ({ kind: 'succeeded', outputs }),
      result: async () => undefined,
      verify: async () => ({ kind: 'intact' }),
      locate: (uri) => uri,
    },
    cache: { read: async () => undefined, create: async () => 'created', replace: async () => 'changed' },
    bundles: { folderOf: async () => undefined },
    outsideData: { digest: async () => ({ kind: 'undigestable', reason: 'none' }) },
    observer: { event: nothing, log: nothing },
  };
}

function heap(): number {
  // Only after a collection can it be told what is really held.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed / 1024;
}

function print(name: string, milliseconds: readonly number[]): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const shown = (at: number): string => (sorted[at] ?? 0).toFixed(3);
  console.log(
    `${name}: ${shown(Math.floor(sorted.length / 2))} ms (${shown(0)} to ${shown(sorted.length - 1)})`,
  );
}
