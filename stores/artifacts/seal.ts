/** Turns what an attempt wrote into records with digests. */
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors/index.ts';
import type { ArtifactRecord, AttemptKey, Outputs } from '../../engine/ports.ts';
import {
  digestOfJson,
  type ComponentSpec,
  type ExecutorOutput,
  type OutputArtifactDefinition,
  type RuntimeArtifact,
} from '../../spec/index.ts';
import { outputName } from './attempt-folder.ts';
import type { Content } from './content.ts';

/** Artifacts that live in their metadata: they need no file. */
const metadataOnly: ReadonlySet<string> = new Set([
  'system.Metrics',
  'system.ClassificationMetrics',
  'system.SlicedClassificationMetrics',
]);

export interface Sealing<Kept> {
  readonly attempt: AttemptKey;
  readonly component: ComponentSpec;
  readonly output: ExecutorOutput;
  readonly strict: boolean;
  /** How the root is called where a component names its outputs by URI. */
  readonly rootUri: string;
  /** The path of this machine that stands for the root. */
  readonly localRoot: string;
  /** The attempt's folder, relative to the root. */
  readonly folder: string;
  /** Digests what lies at a path of this machine and keeps it; undefined where nothing does. */
  readonly keep: (path: string, uri: string) => Promise<Kept | undefined>;
}

/** What one output artifact became. */
export interface Sealed<Kept> {
  readonly record: ArtifactRecord;
  /** Absent where nothing of it lies in the attempt's folder. */
  readonly kept?: Kept;
}

/** One output artifact, before its content is looked at. */
interface Given {
  readonly name: string;
  readonly definition: OutputArtifactDefinition;
  readonly artifact: RuntimeArtifact | undefined;
  /** Relative to the root; undefined where it lies in another store. */
  readonly uri: string | undefined;
}

/**
 * Digests and keeps the outputs of an attempt. Looks whether all are there before any is kept.
 * @throws coded errors for artifacts that cannot be kept
 */
export async function sealOutputs<Kept extends { readonly content: Content }>(
  sealing: Sealing<Kept>,
): Promise<{ readonly outputs: Outputs; readonly sealed: readonly Sealed<Kept>[] }> {
  const definitions = sealing.component.outputDefinitions;
  const given: Given[] = [];
  for (const [name, definition] of Object.entries(definitions?.artifacts ?? {})) {
    const list = sealing.output.artifacts?.[name]?.artifacts ?? [];
    for (const artifact of list.length === 0 && definition.isArtifactList !== true ? [undefined] : list)
      given.push(await place(sealing, name, definition, artifact));
  }
  const finished = await Promise.allSettled(given.map((one) => sealArtifact(sealing, one)));
  const sealed = finished.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const artifacts: Record<string, readonly ArtifactRecord[]> = {};
  for (const name of Object.keys(definitions?.artifacts ?? {}))
    artifacts[name] = sealed.map(({ record }) => record).filter((_, index) => given[index]?.name === name);
  const declared = new Set(Object.keys(definitions?.parameters ?? {}));
  const parameters = Object.fromEntries(
    Object.entries(sealing.output.parameterValues ?? {}).filter(([name]) => declared.has(name)),
  );
  return { outputs: { parameters, artifacts }, sealed };
}

/** @throws UserError FER5009 where nothing lies at its place, and something has to */
async function place<Kept>(
  sealing: Sealing<Kept>,
  name: string,
  definition: OutputArtifactDefinition,
  artifact: RuntimeArtifact | undefined,
): Promise<Given> {
  const own = `${sealing.folder}/${outputName(name, definition.artifactType)}`;
  const uri = artifact === undefined ? own : await whereIs(sealing, artifact);
  const title = definition.artifactType.schemaTitle ?? '';
  if (uri !== undefined && sealing.strict && !metadataOnly.has(title)) {
    const there = await lstat(`${sealing.localRoot}/${uri}`).catch(() => undefined);
    if (there === undefined)
      throw new UserError('FER5009', {
        problem: `the task "${sealing.attempt.task}" wrote nothing to its output "${name}"`,
        fix: `write a file, or a folder of files, at \`out.${name}.path\``,
      });
  }
  return { name, definition, artifact, uri };
}

async function sealArtifact<Kept extends { readonly content: Content }>(
  sealing: Sealing<Kept>,
  { name, definition, artifact, uri }: Given,
): Promise<Sealed<Kept>> {
  const { attempt } = sealing;
  const facts = {
    name,
    type: definition.artifactType,
    metadata: artifact?.metadata ?? {},
    producer: { runId: attempt.runId, task: attempt.task, attempt: attempt.number },
  };
  if (uri === undefined)
    return { record: { ...facts, uri: artifact?.uri ?? '', size: 0, files: 0, folder: false } };
  const kept = await sealing.keep(`${sealing.localRoot}/${uri}`, uri);
  const nothing: Content = { digest: digestOfJson(null), size: 0, files: 0, folder: false };
  const record = { ...facts, uri, ...(kept?.content ?? nothing) };
  return kept === undefined ? { record } : { record, kept };
}

/**
 * Tells where an output lies relative to the root; undefined where it lies in another store.
 * @throws UserError FER5008 where it lies on this machine, outside the attempt's folder
 */
async function whereIs<Kept>(sealing: Sealing<Kept>, given: RuntimeArtifact): Promise<string | undefined> {
  const { rootUri, localRoot, folder } = sealing;
  const named = given.customPath ?? given.uri;
  const text = named.startsWith(`${rootUri}/`) ? join(localRoot, named.slice(rootUri.length)) : named;
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(text) && !text.startsWith('file://')) return undefined;
  const path = text.startsWith('file://') ? fileURLToPath(text) : text;
  const below = relative(localRoot, path).split(sep).join('/');
  const base = join(localRoot, folder);
  // Through a link the path could begin inside and end elsewhere.
  const parent = await realpath(dirname(path)).catch(() => dirname(path));
  const real = await realpath(base).catch(() => base);
  const inside = parent === real || parent.startsWith(real + sep);
  if (inside && below.startsWith(`${folder}/`)) return below;
  throw new UserError('FER5008', {
    problem: `the task "${sealing.attempt.task}" put its output "${given.name}" at ${path}, outside of its own folder`,
    fix: 'write outputs at the path they are given',
  });
}
