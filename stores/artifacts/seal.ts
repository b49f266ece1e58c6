/** Turns what an attempt wrote into records with digests. */
import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors/index.ts';
import type { ArtifactRecord, AttemptKey, Outputs, SealOptions } from '../../engine/ports.ts';
import {
  digestOfJson,
  type ComponentSpec,
  type ExecutorOutput,
  type OutputArtifactDefinition,
  type RuntimeArtifact,
} from '../../spec/index.ts';
import { outputName } from './attempt-folder.ts';
import { digestContent, type Content, type FileMark } from './content.ts';

/** Artifacts that live in their metadata: they need no file. */
const metadataOnly: ReadonlySet<string> = new Set([
  'system.Metrics',
  'system.ClassificationMetrics',
  'system.SlicedClassificationMetrics',
]);

interface SealedArtifact {
  readonly record: ArtifactRecord;
  readonly marks: readonly FileMark[];
}

export interface Sealing {
  readonly attempt: AttemptKey;
  readonly component: ComponentSpec;
  readonly output: ExecutorOutput;
  readonly options: SealOptions;
  /** The root's absolute path. */
  readonly root: string;
  /** The attempt's folder, relative to the root. */
  readonly folder: string;
}

/** Digests the outputs of an attempt. @throws coded errors for artifacts that cannot be kept */
export async function sealOutputs(
  sealing: Sealing,
): Promise<{ readonly outputs: Outputs; readonly marks: ReadonlyMap<string, readonly FileMark[]> }> {
  const definitions = sealing.component.outputDefinitions;
  const artifacts: Record<string, readonly ArtifactRecord[]> = {};
  const marks = new Map<string, readonly FileMark[]>();
  for (const [name, definition] of Object.entries(definitions?.artifacts ?? {})) {
    const given = sealing.output.artifacts?.[name]?.artifacts ?? [];
    const list = given.length === 0 && definition.isArtifactList !== true ? [undefined] : given;
    const sealed = [];
    for (const one of list) sealed.push(await sealArtifact(sealing, name, definition, one));
    artifacts[name] = sealed.map(({ record }) => record);
    for (const one of sealed) marks.set(one.record.uri, one.marks);
  }
  const declared = new Set(Object.keys(definitions?.parameters ?? {}));
  const parameters = Object.fromEntries(
    Object.entries(sealing.output.parameterValues ?? {}).filter(([name]) => declared.has(name)),
  );
  return { outputs: { parameters, artifacts }, marks };
}

async function sealArtifact(
  sealing: Sealing,
  name: string,
  definition: OutputArtifactDefinition,
  given: RuntimeArtifact | undefined,
): Promise<SealedArtifact> {
  const type = definition.artifactType;
  const own = `${sealing.folder}/${outputName(name, type)}`;
  const { attempt } = sealing;
  const facts = {
    name,
    type,
    metadata: given?.metadata ?? {},
    producer: { runId: attempt.runId, task: attempt.task, attempt: attempt.number },
  };
  const uri = given === undefined ? own : await whereIs(sealing, given);
  if (uri === undefined)
    return { record: { ...facts, uri: given?.uri ?? own, size: 0, files: 0, folder: false }, marks: [] };
  const there = await digestContent(`${sealing.root}/${uri}`);
  if (there !== undefined) return { record: { ...facts, uri, ...there.content }, marks: there.marks };
  if (sealing.options.strict && !metadataOnly.has(type.schemaTitle ?? ''))
    throw new UserError('FER5009', {
      problem: `the task "${attempt.task}" wrote nothing to its output "${name}"`,
      fix: `write a file, or a folder of files, at \`out.${name}.path\``,
    });
  const nothing: Content = { digest: digestOfJson(null), size: 0, files: 0, folder: false };
  return { record: { ...facts, uri, ...nothing }, marks: [] };
}

/**
 * Tells where an output lies relative to the root; undefined where it lies in another store.
 * @throws UserError FER5008 where it lies on this machine, outside the attempt's folder
 */
async function whereIs(sealing: Sealing, given: RuntimeArtifact): Promise<string | undefined> {
  const text = given.customPath ?? given.uri;
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(text) && !text.startsWith('file://')) return undefined;
  const path = text.startsWith('file://') ? fileURLToPath(text) : text;
  const below = relative(sealing.root, path).split(sep).join('/');
  const base = join(sealing.root, sealing.folder);
  // Through a link the path could begin inside and end elsewhere.
  const parent = await realpath(dirname(path)).catch(() => dirname(path));
  const inside = parent === base || parent.startsWith(base + sep);
  if (inside && below.startsWith(`${sealing.folder}/`)) return below;
  throw new UserError('FER5008', {
    problem: `the task "${sealing.attempt.task}" put its output "${given.name}" at ${path}, outside of its own folder`,
    fix: 'write outputs at the path they are given',
  });
}
