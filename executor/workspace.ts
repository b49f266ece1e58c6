/** The folder that the tasks of a run share, where a pipeline asks for one. */
import type { ExecutorInput, ExecutorOutput, RuntimeArtifact } from '../spec/executor-io.ts';
import type { JsonValue } from '../spec/json.ts';
import { inWorkspace, isInWorkspace, localPathOf, workspaceMount } from '../spec/local-path.ts';
import type { ContainerSpec } from '../spec/pipeline-spec.ts';

/** Tells whether a task's inputs name the shared folder, or lie in it. */
export function usesWorkspace({ inputs }: ExecutorInput): boolean {
  return (
    mentions(Object.values(inputs.parameterValues ?? {})) ||
    Object.values(inputs.artifacts ?? {}).some(({ artifacts }) => artifacts.some(isInWorkspace))
  );
}

/** Tells whether a container's own words name the shared folder. */
export function namesWorkspace({ command = [], args = [] }: ContainerSpec): boolean {
  return [...command, ...args].some(
    (text) => text.includes('{{$.workspace_path}}') || text.includes(workspaceMount),
  );
}

function mentions(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes(workspaceMount);
  return typeof value === 'object' && value !== null && Object.values(value).some(mentions);
}

/** Names the folder by where it lies here, for a task that sees no mounts. */
export function withWorkspaceAt(input: ExecutorInput, folder: string): ExecutorInput {
  const { parameterValues = {}, artifacts = {} } = input.inputs;
  return {
    ...input,
    inputs: {
      parameterValues: renamed(parameterValues, workspaceMount, folder),
      artifacts: Object.fromEntries(
        Object.entries(artifacts).map(([name, list]) => [
          name,
          { artifacts: list.artifacts.map((artifact) => lyingAt(artifact, folder)) },
        ]),
      ),
    },
  };
}

/** Names an artifact in the folder by its path here, so that nothing has to be told about the folder. */
function lyingAt(artifact: RuntimeArtifact, folder: string): RuntimeArtifact {
  if (!isInWorkspace(artifact)) return artifact;
  const { [inWorkspace]: _, ...metadata } = artifact.metadata ?? {};
  return { ...artifact, uri: localPathOf(artifact).replace(workspaceMount, folder), metadata };
}

/** Names it in outputs again as a pod would: where it lies here says nothing to another machine. */
export function withWorkspaceMounted(output: ExecutorOutput, folder: string): ExecutorOutput {
  if (output.parameterValues === undefined) return output;
  return { ...output, parameterValues: renamed(output.parameterValues, folder, workspaceMount) };
}

function renamed(
  values: Readonly<Record<string, JsonValue>>,
  from: string,
  to: string,
): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rename(value, from, to)]));
}

function rename(value: JsonValue, from: string, to: string): JsonValue {
  if (typeof value === 'string') return value.replaceAll(from, to);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => rename(item, from, to));
  return renamed(value, from, to);
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
