/** Takes a pipeline that was compiled before into another one: what it brings gets names that are free. */
import {
  compareText,
  type ComponentSpec,
  type DagSpec,
  type ExecutorSpec,
  type KubernetesExecutorConfig,
} from '../../spec/index.ts';
import type { CompiledPipeline } from '../../spec/platform-spec.ts';

/** What a loaded pipeline adds to the one that calls it. */
export interface Merged {
  /** The pipeline itself, as a component. */
  readonly root: ComponentSpec;
  readonly components: Readonly<Record<string, ComponentSpec>>;
  readonly executors: Readonly<Record<string, ExecutorSpec>>;
  readonly platform: Readonly<Record<string, KubernetesExecutorConfig>>;
}

/**
 * Renames the components and executors of a document. All names are decided before any is written, so that no executor
 * can come to stand for another's task.
 * @param free gives a name that nothing has yet, from the one that is wanted
 */
export function mergeLoaded(document: CompiledPipeline, free: (name: string) => string): Merged {
  const { spec, platform } = document;
  const components = Object.entries(spec.components ?? {}).sort(byName);
  const executors = Object.entries(spec.deploymentSpec.executors ?? {}).sort(byName);
  const settings = platform?.platforms.kubernetes?.deploymentSpec?.executors ?? {};
  const names = new Map(components.map(([name]) => [name, free(name)]));
  const labels = new Map(executors.map(([label]) => [label, free(label)]));
  const component = (given: ComponentSpec): ComponentSpec => ({
    ...given,
    ...(given.executorLabel !== undefined && {
      executorLabel: labels.get(given.executorLabel) ?? given.executorLabel,
    }),
    ...(given.dag && { dag: dagOf(given.dag, names) }),
  });
  return {
    root: component(spec.root),
    components: Object.fromEntries(
      components.map(([name, given]) => [names.get(name) ?? name, component(given)]),
    ),
    executors: Object.fromEntries(
      executors.map(([label, executor]) => [labels.get(label) ?? label, executor]),
    ),
    platform: Object.fromEntries(
      Object.entries(settings).map(([label, config]) => [labels.get(label) ?? label, config]),
    ),
  };
}

function dagOf(dag: DagSpec, names: ReadonlyMap<string, string>): DagSpec {
  if (dag.tasks === undefined) return dag;
  const tasks = Object.entries(dag.tasks).map(([name, task]) => {
    const component = task.componentRef.name;
    return [name, { ...task, componentRef: { name: names.get(component) ?? component } }] as const;
  });
  return { ...dag, tasks: Object.fromEntries(tasks) };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b);
}
