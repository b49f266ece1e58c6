import type { ArtifactRecord } from './events.ts';
import { importerOf, type Inputs, type TaskNode } from './graph.ts';
import type { JsonValue } from '../spec/index.ts';
import type { RunContext } from './run-context.ts';

/**
 * Makes an artifact of data that lies outside. It is never cached by its URI: its content is digested in every run,
 * and the tasks after it key on that.
 */
export async function importArtifact(node: TaskNode, inputs: Inputs, run: RunContext): Promise<void> {
  const task = node.path;
  const importer = importerOf(run.compiled.spec, node);
  const { constant, runtimeParameter } = importer.artifactUri;
  const uri = runtimeParameter === undefined ? constant : inputs.parameters[runtimeParameter];
  if (typeof uri !== 'string' || uri === '') {
    const problem = `the importer "${task}" got no URI`;
    await run.journal.record({
      kind: 'task-failed',
      task,
      failure: { code: 'FER4007', kind: 'user', problem, retryable: false },
    });
    return;
  }
  const found = await run.lookups
    .use(() => run.ports.outsideData.digest(uri))
    .catch((error: unknown) => ({
      kind: 'undigestable' as const,
      reason: error instanceof Error ? error.message : String(error),
    }));
  const [name = 'artifact'] = Object.keys(node.component.outputDefinitions?.artifacts ?? {});
  const artifact: ArtifactRecord = {
    name,
    type: importer.typeSchema,
    uri,
    metadata: fill(importer.metadata ?? {}, inputs),
    size: found.kind === 'digest' ? found.size : 0,
    files: found.kind === 'digest' ? found.files : 0,
    folder: found.kind === 'digest' && found.files !== 1,
    ...(found.kind === 'digest' && { digest: found.digest }),
  };
  const outputs = { parameters: {}, artifacts: { [name]: [artifact] } };
  if (found.kind === 'undigestable')
    await run.journal.record({
      kind: 'warning',
      code: 'FER4009',
      message: `what lies at ${uri} cannot be digested (${found.reason}): tasks that use it are not cached`,
      task,
    });
  await run.journal.record({ kind: 'task-succeeded', task, outputs });
}

/** Fills an importer's metadata, whose values may be inputs of the task. */
function fill(metadata: Readonly<Record<string, JsonValue>>, inputs: Inputs): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      const name =
        typeof value === 'string'
          ? /^\{\{\$\.inputs\.parameters\['([^']*)'\]\}\}$/.exec(value)?.[1]
          : undefined;
      return [key, name === undefined ? value : (inputs.parameters[name] ?? null)];
    }),
  );
}
