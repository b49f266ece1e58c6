import { messageOf } from '../../errors/index.ts';
import { inWorkspace, isInWorkspace, type JsonValue, type PipelineSpec } from '../../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs } from '../events.ts';
import { importerOf, type Inputs, type TaskNode } from '../graph/graph.ts';
import type { NewEvent } from '../graph/machine.ts';
import type { OutsideData, OutsideDigest, Runner } from '../ports.ts';
import type { RunContext } from '../run-context.ts';
import { wholeInput, withFacts, withInputs, type RunFacts } from '../graph/templates.ts';

/** Imports for a run: records the artifact, or why there is none. */
export async function importArtifact(node: TaskNode, inputs: Inputs, run: RunContext): Promise<void> {
  const task = node.path;
  const { outsideData, runner } = run.ports;
  const { facts } = run;
  const imported = await run.lookups.use(async () => {
    const found = await importedArtifact(node, inputs, run.compiled.spec, { outsideData, runner, facts });
    return found.kind === 'imported' ? copied(node, found, run) : found;
  });
  if (imported.kind === 'failed') {
    await run.journal.record({ kind: 'task-failed', task, failure: imported.failure });
    return;
  }
  const { outputs, undigested } = imported;
  const left = importerOf(run.compiled.spec, node).downloadToWorkspace === true && !runner.keepInWorkspace;
  await run.journal.record(
    ...(undigested === undefined ? [] : [warning('FER4009', undigested, task)]),
    ...(left ? [warning('FER4018', notDownloaded(task), task)] : []),
    { kind: 'task-succeeded', task, outputs },
  );
}

function warning(code: string, message: string, task: string): NewEvent {
  return { kind: 'warning', code, message, task };
}

function notDownloaded(task: string): string {
  return `what "${task}" imports is not copied into the workspace, which only pods reach: each task that uses it is brought it`;
}

/** Copies what was imported into the folder that tasks share, where the importer says so and the folder is at hand. */
async function copied(
  node: TaskNode,
  found: Extract<Imported, { kind: 'imported' }>,
  run: RunContext,
): Promise<Imported> {
  const { runner, artifacts } = run.ports;
  for (const artifact of Object.values(found.outputs.artifacts).flat().filter(isInWorkspace))
    try {
      const { [inWorkspace]: _, ...metadata } = artifact.metadata;
      const from = await artifacts.fetch({ ...artifact, metadata });
      await runner.keepInWorkspace?.(run.facts.runId, artifact, from);
    } catch (error) {
      return {
        kind: 'failed',
        failure: {
          code: 'FER4019',
          kind: 'user',
          problem: `"${node.path}" cannot copy ${artifact.uri} into the workspace: ${messageOf(error)}`,
          fix: 'see whether the data is there and may be read, and whether the disk has room; then resume the run',
          retryable: false,
        },
      };
    }
  return found;
}

export type Imported =
  | {
      readonly kind: 'imported';
      readonly outputs: Outputs;
      /** Why its content has no digest. */
      readonly undigested?: string;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What an import looks at besides its inputs. */
export interface ImportSurroundings {
  readonly outsideData: OutsideData;
  readonly runner: Pick<Runner, 'keepInWorkspace'>;
  readonly facts: RunFacts;
}

/**
 * Makes an artifact of data that lies outside. It is never cached by its URI: its content is digested in every run,
 * and the tasks after it key on that.
 */
export async function importedArtifact(
  node: TaskNode,
  inputs: Inputs,
  spec: PipelineSpec,
  { outsideData, runner, facts }: ImportSurroundings,
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
  const filledIn = fill(importer.metadata ?? {}, { inputs, factsIn: (text) => withFacts(text, node, facts) });
  const download = importer.downloadToWorkspace === true && runner.keepInWorkspace !== undefined;
  const metadata = download ? { ...filledIn, [inWorkspace]: true } : filledIn;
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

/** What an importer's metadata is filled from. */
interface Source {
  readonly inputs: Inputs;
  readonly factsIn: (text: string) => string;
}

/**
 * Fills an importer's metadata, at any depth, with inputs of the task and facts of the run: a text that is nothing but the
 * placeholder of an input becomes the value, any other takes it as text.
 */
function fill(metadata: Readonly<Record<string, JsonValue>>, source: Source): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [filledText(key, source), filled(value, source)]),
  );
}

function filled(value: JsonValue, source: Source): JsonValue {
  if (typeof value === 'string') {
    const whole = wholeInput(value);
    return whole === undefined ? filledText(value, source) : (source.inputs.parameters[whole] ?? null);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => filled(item, source));
  return fill(Object.fromEntries(Object.entries(value)), source);
}

function filledText(text: string, { inputs: { parameters }, factsIn }: Source): string {
  // What an input says is data, and holds no placeholders: it is put in last.
  return withInputs(factsIn(text), parameters);
}
