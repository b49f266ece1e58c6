/** A world in memory: every port of the engine, and a runner whose components are functions. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  ArtifactStore,
  Attempt,
  AttemptKey,
  AttemptResult,
  EnginePorts,
  Failure,
  LogSink,
  Outcome,
  OutsideDigest,
  RunEvent,
  Runner,
} from '../../engine/ports.ts';
import { foldRun, startRun, type RunRequest, type RunState } from '../../engine/index.ts';
import {
  digestOf,
  digestOfJson,
  type ContainerSpec,
  type ExecutorOutput,
  type JsonValue,
} from '../../spec/index.ts';
import { cacheIndex } from '../../stores/cache/cache-index.ts';
import type { ObjectStore } from '../../stores/objects/object-store.ts';
import { runStore } from '../../stores/run-log/run-store.ts';

/** What a component of the in-memory runner sees. */
export interface Call {
  readonly attempt: Attempt;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Content of an input artifact. */
  readonly read: (name: string) => string;
  /** Contents of a list of input artifacts. */
  readonly readAll: (name: string) => readonly string[];
  readonly write: (name: string, content: string, metadata?: Readonly<Record<string, JsonValue>>) => void;
  /** A parameter, as text. */
  readonly text: (name: string) => string;
  readonly log: LogSink;
}

export type Body = (
  call: Call,
) => Readonly<Record<string, JsonValue>> | void | Promise<Readonly<Record<string, JsonValue>> | void>;

/** Thrown by a body: ends its attempt with this failure. */
export class Fails extends Error {
  readonly failure: Failure;
  constructor(problem: string, retryable = true) {
    super(problem);
    this.failure = { code: 'FER6001', kind: 'user', problem, retryable };
  }
}

export interface MemoryWorld {
  readonly ports: EnginePorts;
  readonly objects: ObjectStore;
  /** Contents of artifacts, by URI. */
  readonly contents: Map<string, string>;
  readonly bodies: Map<string, Body>;
  /** Tasks that were run, `runId/task/attempt`, in order. */
  readonly ran: string[];
  readonly events: RunEvent[];
  /** What lies outside. */
  readonly outside: Map<string, OutsideDigest>;
  /** Milliseconds the clock is ahead. */
  readonly shift: (milliseconds: number) => void;
  readonly run: (request: Pick<RunRequest, 'compiled' | 'runId'> & Partial<RunRequest>) => Promise<RunState>;
  readonly state: (runId: string) => Promise<RunState>;
}

/** Makes a world. Overrides replace a port, to make it fail. */
export function memoryWorld(
  bodies: Readonly<Record<string, Body>>,
  override: (ports: EnginePorts) => Partial<EnginePorts> = () => ({}),
): MemoryWorld {
  const objects = memoryObjects();
  const contents = new Map<string, string>();
  const outside = new Map<string, OutsideDigest>();
  const known = new Map(Object.entries(bodies));
  const ran: string[] = [];
  const events: RunEvent[] = [];
  let shifted = 0;
  const plain: EnginePorts = {
    clock: {
      now: () => Date.now() + shifted,
      async sleep(milliseconds, signal) {
        shifted += milliseconds;
        await wait(0, undefined, { signal }).catch(() => undefined);
      },
    },
    ids: { unique: () => randomUUID() },
    runner: memoryRunner(known, contents, ran),
    runs: runStore(objects),
    artifacts: memoryArtifacts(contents),
    cache: cacheIndex(objects),
    bundles: { folderOf: async () => undefined },
    outsideData: {
      digest: async (location) =>
        outside.get(location) ?? { kind: 'undigestable', reason: 'nothing is known of it' },
    },
    observer: { event: (event) => events.push(event), log: () => undefined },
  };
  const ports = { ...plain, ...override(plain) };
  return {
    ports,
    objects,
    contents,
    bodies: known,
    ran,
    events,
    outside,
    shift: (milliseconds) => void (shifted += milliseconds),
    run: (request) => startRun({ parameters: {}, caching: 'on', concurrency: 4, ...request }, ports),
    async state(runId) {
      const found: RunEvent[] = [];
      for await (const entry of ports.runs.log(runId).read(0)) found.push(...entry.events);
      return foldRun(found);
    },
  };
}

export function memoryObjects(): ObjectStore {
  const objects = new Map<string, string>();
  const times = new Map<string, number>();
  let clock = 0;
  const put = (key: string, content: string): void => {
    objects.set(key, content);
    times.set(key, ++clock);
  };
  return {
    async read(key) {
      const content = objects.get(key);
      return content === undefined ? undefined : { content, version: content };
    },
    async create(key, content) {
      if (objects.has(key)) return 'exists';
      put(key, content);
      return 'created';
    },
    async replace(key, version, content) {
      if (objects.get(key) !== version) return 'changed';
      put(key, content);
      return 'replaced';
    },
    async names(folder) {
      const below = [...objects.keys()].filter((key) => key.startsWith(`${folder}/`));
      return [...new Set(below.map((key) => key.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
    },
    writtenAt: async (key) => times.get(key),
    async remove(key) {
      for (const one of objects.keys()) if (one === key || one.startsWith(`${key}/`)) objects.delete(one);
    },
  };
}

function folderOf({ runId, task, number }: AttemptKey): string {
  return `runs/${runId}/tasks/${task}/${number}`;
}

function memoryArtifacts(contents: Map<string, string>): ArtifactStore {
  const results = new Map<string, AttemptResult>();
  const places: ArtifactStore['places'] = (attempt, component) => {
    const folder = folderOf(attempt);
    const outputs = component.outputDefinitions?.artifacts ?? {};
    return {
      folder,
      outputs: {
        outputFile: `${folder}/output.json`,
        artifacts: Object.fromEntries(
          Object.keys(outputs).map((name) => [name, { artifacts: [{ name, uri: `${folder}/${name}` }] }]),
        ),
      },
    };
  };
  return {
    places,
    prepare: async (attempt, component) => places(attempt, component, 'driver'),
    openLog: async () => ({ kept: 0, line: () => undefined, close: async () => undefined }),
    assign: async () => undefined,
    fetch: async ({ uri }) => uri,
    async seal(attempt, component, output, options) {
      const there = results.get(folderOf(attempt));
      if (there !== undefined) return there;
      const artifacts = Object.fromEntries(
        Object.entries(component.outputDefinitions?.artifacts ?? {}).map(([name, { artifactType }]) => {
          const uri = `${folderOf(attempt)}/${name}`;
          const content = contents.get(uri) ?? '';
          const metadata = output.artifacts?.[name]?.artifacts[0]?.metadata ?? {};
          const producer = { runId: attempt.runId, task: attempt.task, attempt: attempt.number };
          const facts = { digest: digestOf(content), size: content.length, files: 1, folder: false };
          return [name, [{ name, type: artifactType, uri, metadata, producer, ...facts }]];
        }),
      );
      const outputs = { parameters: output.parameterValues ?? {}, artifacts };
      const result: AttemptResult = {
        kind: 'succeeded',
        outputs,
        ...(options.uncacheable !== undefined && { uncacheable: options.uncacheable }),
      };
      results.set(folderOf(attempt), result);
      return result;
    },
    result: async (attempt) => results.get(folderOf(attempt)),
    async verify(artifact) {
      const content = contents.get(artifact.uri) ?? '';
      if (digestOf(content) === artifact.digest) return { kind: 'intact' };
      return { kind: 'stale', reason: `${artifact.uri} was changed` };
    },
    locate: (uri) => uri,
  };
}

function memoryRunner(bodies: Map<string, Body>, contents: Map<string, string>, ran: string[]): Runner {
  return {
    name: 'memory',
    staging: 'driver',
    platform: { platform: 'memory', node: '20.19.0' },
    refuse: (container, identity) =>
      identity !== undefined ||
      container.image.startsWith('memory@') ||
      pythonFunction(container) !== undefined
        ? undefined
        : { code: 'FER6014', kind: 'user', problem: 'no containers here', retryable: false },
    async start(attempt, log) {
      ran.push(`${attempt.runId}/${attempt.task}/${attempt.number}`);
      const name = attempt.identity?.function ?? pythonFunction(attempt.container) ?? 'container';
      const body = bodies.get(name);
      if (body === undefined) throw new Error(`no body for ${attempt.task}`);
      const artifacts: Record<
        string,
        { artifacts: { name: string; uri: string; metadata: Record<string, JsonValue> }[] }
      > = {};
      const call: Call = {
        attempt,
        log,
        parameters: attempt.input.inputs.parameterValues ?? {},
        text(name) {
          const value = attempt.input.inputs.parameterValues?.[name];
          return typeof value === 'string' ? value : JSON.stringify(value);
        },
        readAll: (name) =>
          (attempt.input.inputs.artifacts?.[name]?.artifacts ?? []).map(({ uri }) => contents.get(uri) ?? ''),
        read: (name) => contents.get(attempt.input.inputs.artifacts?.[name]?.artifacts[0]?.uri ?? '') ?? '',
        write(name, content, metadata = {}) {
          const uri = attempt.input.outputs.artifacts?.[name]?.artifacts[0]?.uri ?? '';
          contents.set(uri, content);
          artifacts[name] = { artifacts: [{ name, uri, metadata: { ...metadata } }] };
        },
      };
      try {
        const returned = await body(call);
        if (attempt.signal.aborted) return { kind: 'cancelled' };
        const output: ExecutorOutput = { parameterValues: returned ?? {}, artifacts };
        return { kind: 'succeeded', output };
      } catch (error) {
        return outcomeOf(error, attempt);
      }
    },
    adopt: async () => ({ kind: 'absent' }),
    close: async () => undefined,
  };
}

/** The name of a component that was written in Python. */
function pythonFunction({ args = [] }: ContainerSpec): string | undefined {
  const at = args.indexOf('--function_to_execute');
  return at < 0 ? undefined : args[at + 1];
}

function outcomeOf(error: unknown, attempt: Attempt): Outcome {
  if (attempt.signal.aborted) return { kind: 'cancelled' };
  if (error instanceof Fails) return { kind: 'failed', failure: error.failure };
  throw error;
}

/** Digest of anything, for tests that need one. */
export function anyDigest(value: unknown): OutsideDigest {
  return { kind: 'digest', digest: digestOfJson(value), size: 1, files: 1 };
}
