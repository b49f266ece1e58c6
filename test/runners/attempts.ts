/** Attempts for tests of runners: what the engine would ask for, made by hand. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt, AttemptProgress, AttemptSink } from '../../engine/ports.ts';
import {
  readIdentity,
  writeIdentityArgs,
  type ComponentIdentity,
  type ComponentSpec,
  type ContainerSpec,
  type Digest,
  type EnvVar,
  type ExecutorInput,
  type JsonValue,
  type ParameterType,
} from '../../spec/index.ts';

export interface AttemptDraft {
  readonly code: Digest;
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  /** Input artifacts by name: their paths. More than one, or `lists`, makes a list. */
  readonly artifacts?: Readonly<Record<string, readonly string[]>>;
  readonly lists?: readonly string[];
  /** Output parameters with their types. */
  readonly returns?: Readonly<Record<string, ParameterType>>;
  /** Output artifacts with their schema titles. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: readonly EnvVar[];
  readonly identity?: Partial<ComponentIdentity>;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  readonly name?: string;
}

let count = 0;

/** Makes an attempt with a folder of its own. */
export async function attemptOf(draft: AttemptDraft): Promise<Attempt> {
  const folder = await mkdtemp(join(tmpdir(), 'ferrule-attempt-'));
  const outputs = join(folder, 'outputs');
  const work = join(folder, 'work');
  await mkdir(outputs);
  await mkdir(work);
  const container: ContainerSpec = {
    image: 'test',
    command: ['node', '/ferrule/run.mjs'],
    args: writeIdentityArgs({
      function: 'test',
      code: draft.code,
      reads: [],
      vary: [],
      isolate: false,
      secretEnv: [],
      artifactLists: draft.lists ?? [],
      ...draft.identity,
    }),
    ...(draft.env && { env: draft.env }),
  };
  const identity = readIdentity(container);
  return {
    name: draft.name ?? `attempt-${process.pid}-${count++}`,
    runId: 'test-run',
    pipeline: 'test',
    startedAt: '2026-01-01T00:00:00.000Z',
    task: 'test-task',
    number: 1,
    container,
    ...(identity && { identity }),
    component: componentOf(draft),
    input: inputOf(draft, outputs),
    folder: work,
    ...(draft.timeoutSeconds !== undefined && { timeoutSeconds: draft.timeoutSeconds }),
    signal: draft.signal ?? new AbortController().signal,
  };
}

function componentOf({
  artifacts = {},
  lists = [],
  returns = {},
  outputs = {},
}: AttemptDraft): ComponentSpec {
  const artifactType = (schemaTitle: string): { schemaTitle: string; schemaVersion: string } => ({
    schemaTitle,
    schemaVersion: '0.0.1',
  });
  return {
    executorLabel: 'exec-test',
    inputDefinitions: {
      artifacts: mapValues(artifacts, (paths, name) => ({
        artifactType: artifactType('system.Artifact'),
        isArtifactList: lists.includes(name) || paths.length > 1,
      })),
    },
    outputDefinitions: {
      parameters: mapValues(returns, (parameterType) => ({ parameterType })),
      artifacts: mapValues(outputs, (title) => ({ artifactType: artifactType(title) })),
    },
  };
}

function inputOf(draft: AttemptDraft, folder: string): ExecutorInput {
  return {
    inputs: {
      parameterValues: draft.parameters ?? {},
      artifacts: mapValues(draft.artifacts ?? {}, (paths, name) => ({
        artifacts: paths.map((uri) => ({ name, uri, metadata: { from: 'test' } })),
      })),
    },
    outputs: {
      parameters: mapValues(draft.returns ?? {}, (_, name) => ({ outputFile: join(folder, `${name}.txt`) })),
      artifacts: mapValues(draft.outputs ?? {}, (schemaTitle, name) => ({
        artifacts: [{ name, uri: join(folder, name), type: { schemaTitle, schemaVersion: '0.0.1' } }],
      })),
      outputFile: join(folder, 'output.json'),
    },
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

/** A sink that keeps what it is told. */
export interface KeptLog extends AttemptSink {
  readonly lines: readonly string[];
  readonly progressed: readonly AttemptProgress[];
}

/** Makes a sink that keeps what it is told; `kept` lines count as stored already. */
export function keptLog(kept = 0): KeptLog {
  const lines: string[] = [];
  const progressed: AttemptProgress[] = [];
  return {
    kept,
    lines,
    progressed,
    line: (text) => void lines.push(text),
    progress: (progress) => void progressed.push(progress),
  };
}
