/** What a pod of ours is, without a cluster: a root, an assignment under it, and the launcher as a process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ArtifactRecord, Assignment, AttemptKey, AttemptResult } from '../../engine/ports.ts';
import {
  hexOf,
  writeIdentityArgs,
  type ComponentSpec,
  type Digest,
  type ExecutorInput,
  type JsonValue,
} from '../../spec/index.ts';
import type { Root } from '../../stores/index.ts';
import type { BundleFolder } from '../runners/components.ts';
import { watchOutput } from '../processes/output.ts';

const launcher = resolve(import.meta.dirname, '../../dist/launcher/launch.js');

/** Builds what goes into images, the launcher among it. */
export async function buildLauncher(): Promise<void> {
  const { buildPrograms } = (await import(new URL('../../bin/build.mjs', import.meta.url).href)) as {
    buildPrograms: () => Promise<void>;
  };
  await buildPrograms();
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Pod {
  readonly attempt: AttemptKey;
  readonly input: ExecutorInput;
  /** Starts the launcher; `said` resolves once standard output holds a text. */
  start(mode: string, command?: readonly string[], env?: Readonly<Record<string, string>>): Started;
  run(mode: string, command?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  result(): Promise<AttemptResult | undefined>;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  said(text: string): Promise<void>;
}

export interface PodOptions {
  readonly component: ComponentSpec;
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  readonly artifacts?: Readonly<Record<string, readonly ArtifactRecord[]>>;
}

/** Assigns an attempt under a root, as a driver does before it creates a Job. */
export async function assign(root: Root, options: PodOptions): Promise<Pod> {
  const { component, parameters = {}, artifacts = {} } = options;
  const attempt: AttemptKey = { runId: 'r1', task: 'inner/train', number: 2 };
  const places = root.artifacts.places(attempt, component, 'attempt');
  const assignment: Assignment = {
    attempt,
    startedAt: '2026-01-01T00:00:00.000Z',
    component,
    artifacts,
    strict: true,
    input: {
      inputs: {
        parameterValues: parameters,
        artifacts: Object.fromEntries(
          Object.entries(artifacts).map(([name, list]) => [
            name,
            { artifacts: list.map((record) => ({ ...record, uri: root.artifacts.locate(record.uri) })) },
          ]),
        ),
      },
      outputs: places.outputs,
    },
  };
  await root.artifacts.assign(assignment);
  const start: Pod['start'] = (mode, command = [], env = {}) => {
    const args = ['--root', root.uri, '--attempt', 'runs/r1/tasks/inner/train/2'];
    return startLauncher([mode, ...args, ...(command.length > 0 ? ['--', ...command] : [])], env);
  };
  return {
    attempt,
    input: assignment.input,
    start,
    run: (...started) => start(...started).ended,
    result: () => root.artifacts.result(attempt),
  };
}

/** Starts the launcher with whatever arguments. */
export function startLauncher(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { output, ended, said } = watchOutput(child);
  return {
    child,
    said,
    ended: ended.then((status) => ({ status, ...output, stdout: withoutLastLine(output.stdout) })),
  };
}

/** Takes the launcher's own last line off: what is left is the component's. */
export function withoutLastLine(stdout: string): string {
  return stdout.replace(/ferrule-ended \S+ \d+\n$/, '');
}

/** Makes what an image of ours holds, and gives the command that its container has. */
export async function imageCommand(
  bundles: BundleFolder,
  code: Digest,
  secretEnv: readonly string[] = [],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ferrule-image-'));
  await cp(resolve(import.meta.dirname, '../../dist/executor/run.js'), join(folder, 'run.mjs'));
  await cp(join(bundles.folder, hexOf(code)), join(folder, 'bundle'), { recursive: true });
  const identity = { function: 'train', code, reads: [], vary: [], isolate: false, secretEnv } as const;
  return ['node', join(folder, 'run.mjs'), ...writeIdentityArgs(identity)];
}

/** Reads the text of a sealed artifact under a root that is a folder. */
export function textOf(root: Root, result: AttemptResult | undefined, name: string): Promise<string> {
  const record = result?.kind === 'succeeded' ? result.outputs.artifacts[name]?.[0] : undefined;
  if (record === undefined) throw new Error(`no artifact ${name} in ${JSON.stringify(result)}`);
  return readFile(root.artifacts.locate(record.uri), 'utf8');
}
