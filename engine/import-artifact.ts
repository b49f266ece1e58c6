import { messageOf } from '../errors/index.ts';
import { valueText, type JsonValue, type PipelineSpec } from '../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs } from './events.ts';
import { importerOf, type Inputs, type TaskNode } from './graph.ts';
import type { OutsideData, OutsideDigest } from './ports.ts';
import type { RunContext } from './run-context.ts';
import { inputPlaceholder } from './templates.ts';

/** Imports for a run: records the artifact, or why there is none. */
export async function importArtifact(node: TaskNode, inputs: Inputs, run: RunContext): Promise<void> {
  const task = node.path;
  const { outsideData } = run.ports;
  const imported = await run.lookups.use(() =>
    importedArtifact(node, inputs, run.compiled.spec, outsideData),
  );
  if (imported.kind === 'failed') {
    await run.journal.record({ kind: 'task-failed', task, failure: imported.failure });
    return;
  }
  const { outputs, undigested } = imported;
  await run.journal.record(
    ...(undigested === undefined
      ? []
      : [{ kind: 'warning' as const, code: 'FER4009', message: undigested, task }]),
    { kind: 'task-succeeded', task, outputs },
  );
}

export type Imported =
  | {
      readonly kind: 'imported';
      readonly outputs: Outputs;
      /** Why its content has no digest. */
      readonly undigested?: string;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Makes an artifact of data that lies outside. It is never cached by its URI: its content is digested in every run,
 * and the tasks after it key on that.
 */
export async function importedArtifact(
  node: TaskNode,
  inputs: Inputs,
  spec: PipelineSpec,
  outsideData: OutsideData,
): Promise<Imported> {
  const importer = importerOf(spec, node);
  const { constant, runtimeParameter } = importer.artifactUri;
  const uri = runtimeParameter === undefined ? constant : inputs.parameters[runtimeParameter];
  if (typeof uri !== 'string' || uri === '') {
    const problem = `the importer "${node.path}" got no URI`;
    return { kind: 'failed', failure: { code: 'FER4007', kind: 'user', problem, retryable: false } };
  }
  const place = outsideData.resolve?.(uri) ?? uri;
  const found = await digestQuietly(place, outsideData);
  const [name = 'artifact'] = Object.keys(node.component.outputDefinitions?.artifacts ?? {});
  const content =
    found.kind === 'digest'
      ? { digest: found.digest, size: found.size, files: found.files, folder: found.files !== 1 }
      : { size: 0, files: 0, folder: false };
  const metadata = fill(importer.metadata ?? {}, inputs);
  const artifact: ArtifactRecord = { name, type: importer.typeSchema, uri: place, metadata, ...content };
  return {
    kind: 'imported',
    outputs: { parameters: {}, artifacts: { [name]: [artifact] } },
    ...(found.kind === 'undigestable' && {
      undigested: `what lies at ${place} cannot be digested (${found.reason}): tasks that use it are not cached`,
    }),
  };
}

async function digestQuietly(uri: string, outsideData: OutsideData): Promise<OutsideDigest> {
  try {
    return await outsideData.digest(uri);
  } catch (error) {
    return { kind: 'undigestable', reason: messageOf(error) };
  }
}

/**
 * Fills an importer's metadata, at any depth, with inputs of the task: a text that is nothing but a placeholder becomes the
 * value, any other takes it as text.
 */
function fill(metadata: Readonly<Record<string, JsonValue>>, inputs: Inputs): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [filledText(key, inputs), filled(value, inputs)]),
  );
}

function filled(value: JsonValue, inputs: Inputs): JsonValue {
  if (typeof value === 'string') {
    const [match] = value.matchAll(inputPlaceholder);
    if (match?.[0] === value) return inputs.parameters[match[1] ?? match[2] ?? ''] ?? null;
    return filledText(value, inputs);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => filled(item, inputs));
  return fill(Object.fromEntries(Object.entries(value)), inputs);
}

function filledText(text: string, { parameters }: Inputs): string {
  return text.replaceAll(inputPlaceholder, (_, single?: string, double?: string) =>
    valueText(parameters[single ?? double ?? ''] ?? ''),
  );
}
