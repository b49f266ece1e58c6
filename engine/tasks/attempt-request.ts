/** Makes what a runner is asked for, from a task and its inputs. */
import {
  digestOf,
  hexOf,
  isInWorkspace,
  type ArtifactList,
  type ComponentIdentity,
  type ContainerSpec,
  type ExecutorInput,
} from '../../spec/index.ts';
import type { ArtifactRecord } from '../events.ts';
import type { Inputs, TaskNode } from '../graph/graph.ts';
import { kubernetesSettings } from './kubernetes-settings.ts';
import type { ArtifactStore, Attempt, AttemptKey, AttemptPlaces } from '../ports.ts';
import type { RunContext } from '../run-context.ts';
import { appliedSettings } from '../task-config.ts';

/** Names an attempt by what it is: a platform that refuses a taken name refuses a second one of it. */
export function attemptName(key: AttemptKey): string {
  const hash = hexOf(digestOf(JSON.stringify([key.runId, key.task, key.number])));
  const head = key.task.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
  return `${head.slice(0, 30).replaceAll(/^-+|-+$/g, '') || 'task'}-${hash.slice(0, 24)}`;
}

/** What a task runs, and on what. */
export interface Work {
  readonly container: ContainerSpec;
  readonly identity: ComponentIdentity | undefined;
  readonly inputs: Inputs;
}

export interface AttemptParts {
  readonly node: TaskNode;
  readonly work: Work;
  readonly key: AttemptKey;
  readonly run: RunContext;
}

export function attemptRequest(
  parts: AttemptParts,
  places: AttemptPlaces,
  inputs: ExecutorInput['inputs'],
): Attempt {
  const { node, work, key, run } = parts;
  const { facts, compiled } = run;
  const kubernetes = appliedSettings(node.component, kubernetesSettings(node, compiled));
  const timeoutSeconds = Number(kubernetes?.activeDeadlineSeconds ?? 0);
  const workspace = compiled.platform?.platforms.kubernetes?.pipelineConfig?.['workspace'];
  return {
    name: attemptName(key),
    runId: facts.runId,
    pipeline: facts.pipeline,
    startedAt: facts.startedAt,
    pipelineRoot: facts.root,
    task: node.path,
    number: key.number,
    container: work.container,
    ...(work.identity && { identity: work.identity }),
    component: node.component,
    input: { inputs, outputs: places.outputs },
    folder: places.folder,
    ...(kubernetes && { kubernetes }),
    ...(workspace !== undefined && { workspace }),
    ...(timeoutSeconds > 0 && { timeoutSeconds }),
    signal: run.signal,
  };
}

function executorInputs(
  inputs: Inputs,
  place: (artifact: ArtifactRecord) => string,
): ExecutorInput['inputs'] {
  const given = (artifact: ArtifactRecord): ArtifactList['artifacts'][number] => ({
    name: artifact.name,
    type: artifact.type,
    uri: place(artifact),
    metadata: artifact.metadata,
  });
  return {
    parameterValues: inputs.parameters,
    artifacts: Object.fromEntries(
      Object.entries(inputs.artifacts).map(([name, list]) => [name, { artifacts: list.map(given) }]),
    ),
  };
}

/** Brings the input artifacts to this machine. */
export async function inputsHere(inputs: Inputs, store: ArtifactStore): Promise<ExecutorInput['inputs']> {
  const paths = new Map<ArtifactRecord, string>();
  for (const artifact of Object.values(inputs.artifacts).flat())
    // What lies in the shared folder is there by now, and its place follows from its URI.
    if (!isInWorkspace(artifact)) paths.set(artifact, await store.fetch(artifact));
  return executorInputs(inputs, (artifact) => paths.get(artifact) ?? artifact.uri);
}

/** Names the input artifacts where they lie. */
export function inputsThere({ work, run }: AttemptParts): ExecutorInput['inputs'] {
  return executorInputs(work.inputs, ({ uri }) => run.ports.artifacts.locate(uri));
}
