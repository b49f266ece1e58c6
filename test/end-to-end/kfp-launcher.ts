/**
 * Plays what KFP's backend does with one task: the ExecutorInput that its driver makes, and its launcher, which replaces
 * placeholders, brings inputs, starts the command and reads what it left. Written after backend/src/v2/driver and
 * backend/src/v2/component/launcher_v2.go of KFP 2.17. The command runs in a real container.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ComponentSpec, ContainerSpec, JsonValue, RuntimeArtifact } from '../../spec/index.ts';
import { kfpPython } from '../counterparts.ts';
import { docker } from '../runners/docker/images.ts';
import { formatFloat, parameterOfText, protoJson, readExecutorOutput } from './go-json.ts';

/** An artifact that the store holds before the task runs. */
export interface StoredArtifact extends RuntimeArtifact {
  /** What lies at its URI: a file, or by their names the files of a folder. */
  readonly content: string | Readonly<Record<string, string>>;
}

export interface LaunchRequest {
  readonly component: ComponentSpec;
  readonly container: ContainerSpec;
  readonly task: string;
  /** Where the run keeps its artifacts. */
  readonly root: string;
  /** Input parameters as the driver has them: constants may still hold placeholders. Defaults are left to the launcher. */
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  readonly artifacts?: Readonly<Record<string, readonly StoredArtifact[]>>;
  /** Whether Go's JSON has a space after each colon and comma: a build of the backend has it always or never. */
  readonly spaced?: boolean;
  /** Whether the task's log is an output artifact, as an administrator may have it. */
  readonly publishLogs?: boolean;
}

/** What the backend records of a task. */
export type Launched =
  | { readonly kind: 'failed'; readonly status: number; readonly log: string }
  | {
      readonly kind: 'succeeded';
      readonly log: string;
      readonly parameters: Readonly<Record<string, JsonValue>>;
      readonly artifacts: Readonly<Record<string, RecordedArtifact>>;
    };

export interface RecordedArtifact {
  readonly uri: string;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  /** The file that was uploaded; undefined where there was none, or a folder. */
  readonly content: string | undefined;
}

/** Folders that the backend mounts into the pods of tasks, writable for any user. */
const mounts = ['gcs', 's3', 'minio', 'oci', 'tmp'] as const;

/** Runs a task to its end, and reads its results as the backend does. */
export async function launch(request: LaunchRequest): Promise<Launched> {
  const machine = await mkdtemp(join(tmpdir(), 'ferrule-kfp-'));
  const here = (path: string): string => join(machine, path);
  try {
    for (const mount of mounts) await makeWritable(here(mount));
    const input = executorInput(request);
    await bringInputs(request, here);
    for (const { outputFile } of Object.values(input.outputs.parameters))
      await makeWritable(here(dirname(outputFile)));
    for (const { artifacts } of Object.values(input.outputs.artifacts))
      for (const { uri } of artifacts) await makeWritable(here(dirname(localPath(uri))));
    const log = input.outputs.artifacts['executor-logs']?.artifacts[0];
    if (log !== undefined) await writeFile(here(localPath(log.uri)), '');
    const { command = [], args = [] } = request.container;
    const words = replacePlaceholders([...command, ...args], withDefaults(input, request), request.spaced);
    const ended = await runContainer(request.container, words, machine);
    if (ended.status !== 0) return { kind: 'failed', ...ended };
    return { kind: 'succeeded', log: ended.log, ...(await recorded(request.component, input, here)) };
  } finally {
    await rm(machine, { recursive: true, force: true });
  }
}

interface GivenInput {
  readonly inputs: {
    readonly artifacts?: Readonly<Record<string, { readonly artifacts: readonly RuntimeArtifact[] }>>;
    readonly parameterValues?: Readonly<Record<string, JsonValue>>;
  };
  readonly outputs: {
    readonly parameters: Readonly<Record<string, { readonly outputFile: string }>>;
    readonly artifacts: Readonly<Record<string, { readonly artifacts: readonly RuntimeArtifact[] }>>;
    readonly outputFile: string;
  };
}

/** Makes what the driver makes: messages in the order of their fields, maps in that of their keys. */
function executorInput(request: LaunchRequest): GivenInput {
  const { component, task, root, artifacts = {}, parameters = {} } = request;
  const taskRoot = `${root}/${task}/6f0c1b9e-26f5-4e5c-9a5e-1d8ff2b1c111`;
  const { outputDefinitions: outputs = {} } = component;
  const log = { 'executor-logs': { artifactType: { schemaTitle: 'system.Artifact' } } };
  const declared = { ...outputs.artifacts, ...(request.publishLogs === true && log) };
  return {
    inputs: {
      ...(Object.keys(artifacts).length > 0 && {
        artifacts: mapped(artifacts, (list) => ({ artifacts: list.map(messageOf) })),
      }),
      ...(Object.keys(parameters).length > 0 && { parameterValues: mapped(parameters, (value) => value) }),
    },
    outputs: {
      parameters: mapped(outputs.parameters ?? {}, (_, name) => ({ outputFile: `/tmp/kfp/outputs/${name}` })),
      artifacts: mapped(declared, ({ artifactType }, name) => ({
        artifacts: [{ name, type: artifactType, uri: `${taskRoot}/${name}` }],
      })),
      outputFile: `${localPath(taskRoot)}/output_metadata.json`,
    },
  };
}

function messageOf({ name, type, uri, metadata }: StoredArtifact): RuntimeArtifact {
  return { name, ...(type && { type }), uri, ...(metadata && { metadata }) };
}

/** Fills in the defaults of inputs that were not given: the launcher's part, after the cache key is made. */
function withDefaults(input: GivenInput, { component }: LaunchRequest): GivenInput {
  const defaults = Object.entries(component.inputDefinitions?.parameters ?? {}).flatMap(
    ([name, { defaultValue }]) => (defaultValue === undefined ? [] : [[name, defaultValue] as const]),
  );
  const values = { ...Object.fromEntries(defaults), ...input.inputs.parameterValues };
  return {
    ...input,
    inputs: { ...input.inputs, parameterValues: mapped(values, (value) => value) },
  };
}

async function bringInputs({ artifacts = {} }: LaunchRequest, here: (path: string) => string): Promise<void> {
  for (const { uri, content } of Object.values(artifacts).flat()) {
    const path = here(localPath(uri));
    const files = typeof content === 'string' ? { '': content } : content;
    for (const [name, body] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), body);
    }
  }
}

/** Replaces placeholders as text, the executor input first: what is in it is then replaced like the rest. */
function replacePlaceholders(words: readonly string[], input: GivenInput, spaced = false): string[] {
  const all: (readonly [string, string])[] = [['{{$}}', protoJson(input, spaced)]];
  for (const direction of ['inputs', 'outputs'] as const)
    for (const [name, { artifacts }] of Object.entries(input[direction].artifacts ?? {}))
      for (const { uri } of artifacts.slice(0, 1))
        all.push(
          [`{{$.${direction}.artifacts['${name}'].uri}}`, uri],
          [`{{$.${direction}.artifacts['${name}'].path}}`, localPath(uri)],
        );
  for (const [name, value] of Object.entries(input.inputs.parameterValues ?? {}))
    all.push([`{{$.inputs.parameters['${name}']}}`, placeholderText(value)]);
  for (const [name, { outputFile }] of Object.entries(input.outputs.parameters))
    all.push([`{{$.outputs.parameters['${name}'].output_file}}`, outputFile]);
  return words.map((word) =>
    all.reduce((text, [placeholder, value]) => text.split(placeholder).join(value), word),
  );
}

function placeholderText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? formatFloat(value) : JSON.stringify(value);
}

/** Where a URI of a store is in the pod. */
function localPath(uri: string): string {
  if (uri.startsWith('oci://')) return `/oci/${uri.slice('oci://'.length).replaceAll('/', '_')}/models`;
  const [, scheme = '', rest = ''] = /^(gs|s3|minio):\/\/(.*)$/.exec(uri) ?? [];
  if (scheme === '') throw new Error(`failed to generate local path for URI ${uri}`);
  return `/${scheme === 'gs' ? 'gcs' : scheme}/${rest}`;
}

/** Starts the words as the container's process: of the image's own, the environment, user and folder stay. */
async function runContainer(
  { image, env = [] }: ContainerSpec,
  [program = '', ...args]: readonly string[],
  machine: string,
): Promise<{ readonly status: number; readonly log: string }> {
  const engine = docker();
  const container = await engine.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: args,
    Env: env.map(({ name, value }) => `${name}=${value ?? ''}`),
    NetworkDisabled: true,
    HostConfig: { Binds: mounts.map((mount) => `${join(machine, mount)}:/${mount}`) },
  });
  try {
    const output = new PassThrough();
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    engine.modem.demuxStream(stream, output, output);
    stream.on('end', () => output.end());
    await container.start();
    const log = await text(output);
    const { StatusCode } = (await container.wait()) as { readonly StatusCode: number };
    return { status: StatusCode, log };
  } finally {
    await container.remove({ force: true });
  }
}

/** Reads the executor output, and what is not in it from the files of parameters; then the artifacts. */
async function recorded(component: ComponentSpec, input: GivenInput, here: (path: string) => string) {
  const file = here(input.outputs.outputFile);
  const written = existsSync(file) ? readExecutorOutput(kfpPython ?? '', await readFile(file, 'utf8')) : {};
  const parameters: Record<string, JsonValue> = { ...written.parameterValues };
  for (const [name, { outputFile }] of Object.entries(input.outputs.parameters)) {
    const type = component.outputDefinitions?.parameters?.[name]?.parameterType;
    if (name in parameters || type === undefined) continue;
    parameters[name] = parameterOfText(await readFile(here(outputFile), 'utf8'), type);
  }
  const artifacts: Record<string, RecordedArtifact> = {};
  for (const [name, { artifacts: asked }] of Object.entries(input.outputs.artifacts)) {
    const given = written.artifacts?.[name]?.artifacts[0];
    const uri = given?.uri !== undefined && given.uri !== '' ? given.uri : (asked[0]?.uri ?? '');
    const content = await readFile(here(localPath(uri)), 'utf8').catch(() => undefined);
    artifacts[name] = { uri, metadata: { ...asked[0]?.metadata, ...given?.metadata }, content };
  }
  return { parameters, artifacts };
}

async function makeWritable(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made === undefined) return;
  // The folders above it that were made with it are the container's to write to as well.
  for (let path = folder; path.length >= made.length; path = dirname(path)) await chmod(path, 0o777);
}

function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  const names = Object.keys(record).sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = record[name];
      return value === undefined ? [] : [[name, change(value, name)]];
    }),
  );
}
