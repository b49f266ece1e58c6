/** What a backend could not run of a compiled pipeline, and why. */
import { readIdentity, type CompiledPipeline } from '../../spec/index.ts';
import { kfpReasons } from './kfp.ts';
import { everyTaskOf, type NotedTask } from './noted-task.ts';
import { vertexReasons } from './vertex.ts';

export type Backend = 'kfp' | 'vertex';

export interface BackendNote {
  /** Path of the task concerned; undefined where it is the pipeline as a whole. */
  readonly task?: string;
  readonly reason: string;
}

/** Largest document, in bytes, that a backend takes. */
const documentLimits: Readonly<Record<Backend, number>> = { kfp: 1_000_000, vertex: 4_000_000 };

const reasonsOf: Readonly<Record<Backend, (task: NotedTask) => readonly string[]>> = {
  kfp: kfpReasons,
  vertex: vertexReasons,
};

/**
 * Lists what a backend could not run; empty where it runs all.
 * @param size bytes of the document that is written for the pipeline
 */
export function backendNotes(
  compiled: CompiledPipeline,
  backend: Backend,
  size: number,
): readonly BackendNote[] {
  const notes = everyTaskOf(compiled).flatMap((task): BackendNote[] =>
    [...commonReasons(task), ...reasonsOf[backend](task)].map((reason) => ({ task: task.path, reason })),
  );
  return [...notes, ...pipelineReasons(compiled, backend, size).map((reason) => ({ reason }))];
}

function commonReasons({ executor }: NotedTask): string[] {
  const container = executor?.container;
  if (container === undefined) return [];
  const identity = readIdentity(container);
  const reasons: string[] = [];
  if (identity !== undefined && !/[/:{]/.test(container.image))
    reasons.push(
      `its image "${container.image}" is a plain name, which no registry knows: build and push it, and compile with its whole reference`,
    );
  if (identity !== undefined && identity.secretEnv.length > 0)
    reasons.push(
      `it takes the secrets ${identity.secretEnv.join(', ')} from the environment of the runner, which the backend does not hand on`,
    );
  return reasons;
}

function pipelineReasons({ platform }: CompiledPipeline, backend: Backend, size: number): string[] {
  const reasons: string[] = [];
  const settings = Object.keys(platform?.platforms.kubernetes?.pipelineConfig ?? {});
  if (backend === 'vertex' && settings.length > 0)
    reasons.push(
      `it has settings for all of its run on Kubernetes, which Vertex AI does not read: ${settings.sort().join(', ')}`,
    );
  if (size > documentLimits[backend])
    reasons.push(
      `the document has ${size} bytes, and the backend takes ${documentLimits[backend]}: give components images, so that their code does not travel in the spec`,
    );
  return reasons;
}
