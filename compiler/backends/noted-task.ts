/** A task of a compiled pipeline with all that a backend gets to see of it. */
import type {
  CompiledPipeline,
  ComponentSpec,
  ExecutorSpec,
  KubernetesExecutorConfig,
  TaskSpec,
} from '../../spec/index.ts';

export interface NotedTask {
  /** Names from the root, with `/` between them. */
  readonly path: string;
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
  /** Undefined where the task is a DAG. */
  readonly executor: ExecutorSpec | undefined;
  readonly settings: KubernetesExecutorConfig | undefined;
}

/** Lists the tasks of a pipeline, those of DAGs inside it included, each DAG before its tasks. */
export function everyTaskOf({ spec, platform }: CompiledPipeline): NotedTask[] {
  const visit = (component: ComponentSpec, prefix: string): NotedTask[] =>
    Object.entries(component.dag?.tasks ?? {}).flatMap(([name, task]): NotedTask[] => {
      const inner = spec.components?.[task.componentRef.name];
      if (inner === undefined) return [];
      const label = inner.executorLabel ?? '';
      const path = `${prefix}${name}`;
      const own: NotedTask = {
        path,
        task,
        component: inner,
        executor: spec.deploymentSpec.executors?.[label],
        settings: platform?.platforms.kubernetes?.deploymentSpec?.executors?.[label],
      };
      return [own, ...visit(inner, `${path}/`)];
    });
  return visit(spec.root, '');
}
