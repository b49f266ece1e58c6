import type { CompiledPipeline, ExecutorSpec } from '../../spec/index.ts';

/** The name that Kubernetes has for any graphics card of NVIDIA. */
const anyCard = 'nvidia.com/gpu';

/**
 * Says which card "nvidia.com/gpu" stands for, as Vertex AI wants to know: it names cards by their model.
 * @param model `NVIDIA_TESLA_T4` and the like; `none` has such tasks run without one
 */
export function withAccelerator(compiled: CompiledPipeline, model: string): CompiledPipeline {
  const executors = Object.entries(compiled.spec.deploymentSpec.executors ?? {});
  const changed = executors.map(([label, executor]) => [label, onCard(executor, model)]);
  const deploymentSpec = { ...compiled.spec.deploymentSpec, executors: Object.fromEntries(changed) };
  return { ...compiled, spec: { ...compiled.spec, deploymentSpec } };
}

function onCard(executor: ExecutorSpec, model: string): ExecutorSpec {
  const { accelerator, ...resources } = executor.container?.resources ?? {};
  if (executor.container === undefined || accelerator === undefined) return executor;
  if ((accelerator.resourceType ?? accelerator.type) !== anyCard) return executor;
  const card = {
    ...accelerator,
    ...(accelerator.type !== undefined && { type: model }),
    ...(accelerator.resourceType !== undefined && { resourceType: model }),
  };
  const { container } = executor;
  return {
    ...executor,
    container: { ...container, resources: { ...resources, ...(model !== 'none' && { accelerator: card }) } },
  };
}
