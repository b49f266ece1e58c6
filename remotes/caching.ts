import type { CompiledPipeline, ComponentSpec, PipelineSpec } from '../spec/index.ts';

/**
 * Switches the cache for all tasks of a pipeline, those inside of others too.
 * @param off how a backend is told that a task has none: `{}` for KFP, which leaves out what is false
 */
export function withCaching(
  { spec, ...rest }: CompiledPipeline,
  caching: boolean | undefined,
  off: { readonly enableCache?: false },
): CompiledPipeline {
  if (caching === undefined) return { spec, ...rest };
  const cachingOptions = caching ? { enableCache: true } : off;
  const switched = (component: ComponentSpec): ComponentSpec => {
    if (component.dag === undefined) return component;
    const tasks = Object.entries(component.dag.tasks ?? {}).map(([name, task]) => [
      name,
      { ...task, cachingOptions },
    ]);
    return { ...component, dag: { ...component.dag, tasks: Object.fromEntries(tasks) } };
  };
  const components = Object.entries(spec.components ?? {}).map(([name, one]) => [name, switched(one)]);
  const changed: PipelineSpec = {
    ...spec,
    root: switched(spec.root),
    ...(components.length > 0 && { components: Object.fromEntries(components) }),
  };
  return { spec: changed, ...rest };
}
