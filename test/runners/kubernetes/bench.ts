/** Runners on a real cluster, and attempts for them. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, AttemptProgress, AttemptSink } from '../../../engine/ports.ts';
import { kubernetesRunner, type KubernetesRunner } from '../../../runners/kubernetes/index.ts';
import type { KubernetesRunnerOptions } from '../../../runners/kubernetes/options.ts';
import type {
  ComponentIdentity,
  ExecutorInput,
  JsonValue,
  KubernetesExecutorConfig,
  ResourceSpec,
} from '../../../spec/index.ts';
import { makeNamespace, type TestNamespace } from '../../cluster/namespace.ts';
import { standInImage } from './images.ts';

export interface AttemptDraft {
  /** What the component runs: a shell's program. */
  readonly script?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly image?: string;
  /** Whether the image has the launcher inside. @default true */
  readonly ours?: boolean;
  readonly secretEnv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly resources?: ResourceSpec;
  readonly kubernetes?: KubernetesExecutorConfig;
  /** What the pipeline says of the folder that its tasks share. */
  readonly workspace?: JsonValue;
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  readonly input?: ExecutorInput;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  readonly runId?: string;
  readonly task?: string;
  readonly name?: string;
}

/** Makes an attempt of the stand-in image. */
export function attemptOf(draft: AttemptDraft): Attempt {
  const { ours = true, runId = 'run-1', task = 'a-task', script } = draft;
  const identity: ComponentIdentity = {
    function: 'test',
    code: `sha256:${'0'.repeat(64)}`,
    reads: [],
    vary: [],
    isolate: false,
    secretEnv: draft.secretEnv ?? [],
  };
  const command = draft.command ?? (script === undefined ? [] : ['sh', '-c', script]);
  return {
    name: draft.name ?? `a-task-${randomBytes(8).toString('hex')}`,
    runId,
    pipeline: 'a-pipeline',
    startedAt: '2026-01-01T00:00:00.000Z',
    task,
    number: 1,
    container: {
      image: draft.image ?? standInImage,
      command,
      ...(draft.args && { args: draft.args }),
      ...(draft.env && { env: Object.entries(draft.env).map(([name, value]) => ({ name, value })) }),
      ...(draft.resources && { resources: draft.resources }),
    },
    ...(ours && { identity }),
    component: { executorLabel: 'exec-a-task' },
    input: draft.input ?? {
      inputs: { parameterValues: draft.parameters ?? {} },
      outputs: { outputFile: '/gcs/bucket/root/executor_output.json' },
    },
    folder: '/ferrule-work',
    ...(draft.kubernetes && { kubernetes: draft.kubernetes }),
    ...(draft.workspace !== undefined && { workspace: draft.workspace }),
    ...(draft.timeoutSeconds !== undefined && { timeoutSeconds: draft.timeoutSeconds }),
    signal: draft.signal ?? new AbortController().signal,
  };
}

export interface KeptSink extends AttemptSink {
  readonly lines: readonly string[];
  readonly told: readonly AttemptProgress[];
  /** Waits until something was told that has this text, or prints it. */
  until(text: string, seconds?: number): Promise<void>;
}

/** Makes a sink that keeps all it is told. */
export function keptSink(kept = 0): KeptSink {
  const lines: string[] = [];
  const told: AttemptProgress[] = [];
  return {
    kept,
    lines,
    told,
    line: (text) => void lines.push(text),
    progress: (progress) => void told.push(progress),
    async until(text, seconds = 30) {
      const end = Date.now() + seconds * 1000;
      while (!JSON.stringify([lines, told]).includes(text)) {
        if (Date.now() > end) throw new Error(`${text} was never told: ${JSON.stringify({ lines, told })}`);
        await sleep(50);
      }
    },
  };
}

export interface ClusterBench {
  readonly namespace: TestNamespace;
  readonly runner: KubernetesRunner;
  /** Makes another runner on the same namespace. */
  another(options?: Partial<KubernetesRunnerOptions>): KubernetesRunner;
  close(): Promise<void>;
}

/** Makes a namespace and a runner in it. */
export async function openClusterBench(
  options: Partial<KubernetesRunnerOptions> = {},
): Promise<ClusterBench> {
  const namespace = await makeNamespace('runner');
  const runners: KubernetesRunner[] = [];
  const another = (more: Partial<KubernetesRunnerOptions> = {}): KubernetesRunner => {
    const kubeconfig = process.env['FERRULE_TEST_KUBECONFIG'];
    const runner = kubernetesRunner({
      root: 'gs://bucket/root',
      namespace: namespace.name,
      ...(kubeconfig !== undefined && { kubeconfig }),
      runtimeImage: standInImage,
      ...options,
      ...more,
    });
    runners.push(runner);
    return runner;
  };
  return {
    namespace,
    runner: another(),
    another,
    async close() {
      for (const runner of runners) await runner.close();
      await namespace.remove();
    },
  };
}
