/** What a backend could not run of a compiled pipeline, and why. */
import { readIdentity, type CompiledPipeline, type ContainerSpec, type DagSpec } from '../spec/index.ts';

export type Backend = 'kfp' | 'vertex';

export interface BackendNote {
  /** Path of the task concerned; undefined where it is the pipeline as a whole. */
  readonly task?: string;
  readonly reason: string;
}

/** Largest document, in bytes, that a backend takes. */
const documentLimits: Readonly<Record<Backend, number>> = { kfp: 1_000_000, vertex: 4_000_000 };

/**
 * Lists what a backend could not run; empty where it runs all.
 * @param size bytes of the document that is written for the pipeline
 */
export function backendNotes(
  compiled: CompiledPipeline,
  backend: Backend,
  size: number,
): readonly BackendNote[] {
  const notes = taskNotes(compiled.spec.root.dag, '', compiled, backend);
  if (size > documentLimits[backend])
    notes.push({
      reason: `the document has ${size} bytes, and the backend takes ${documentLimits[backend]}: give components images, so that their code does not travel in the spec`,
    });
  return notes;
}

function taskNotes(
  dag: DagSpec | undefined,
  prefix: string,
  compiled: CompiledPipeline,
  backend: Backend,
): BackendNote[] {
  const { spec, platform } = compiled;
  return Object.entries(dag?.tasks ?? {}).flatMap(([name, { componentRef }]) => {
    const task = `${prefix}${name}`;
    const component = spec.components?.[componentRef.name];
    if (component?.dag !== undefined) return taskNotes(component.dag, `${task}/`, compiled, backend);
    const label = component?.executorLabel ?? '';
    const container = spec.deploymentSpec.executors?.[label]?.container;
    const reasons = container === undefined ? [] : containerReasons(container, backend);
    const settings = platform?.platforms.kubernetes?.deploymentSpec?.executors?.[label];
    if (backend === 'vertex' && settings?.activeDeadlineSeconds !== undefined)
      reasons.push('its timeout is a setting of Kubernetes, which Vertex AI does not read');
    return reasons.map((reason) => ({ task, reason }));
  });
}

function containerReasons(container: ContainerSpec, backend: Backend): string[] {
  const identity = readIdentity(container);
  const reasons: string[] = [];
  if (!/[/:]/.test(container.image))
    reasons.push(
      `its image "${container.image}" is a plain name, which no registry knows: build and push it, and compile with its whole reference`,
    );
  if (identity !== undefined && identity.secretEnv.length > 0)
    reasons.push(
      `it takes the secrets ${identity.secretEnv.join(', ')} from the environment of the runner, which the backend does not hand on`,
    );
  if (backend === 'vertex' && identity?.payload !== undefined && identity.payload.length > 1_000_000)
    reasons.push('its code is too large to travel in its arguments');
  if (backend === 'vertex' && container.resources?.accelerator?.type === 'nvidia.com/gpu')
    reasons.push('Vertex AI names accelerators by model, such as NVIDIA_TESLA_T4, not "nvidia.com/gpu"');
  return reasons;
}
