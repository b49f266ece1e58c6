/** Lowers what a task runs: the executor, its component's interface, and its settings for Kubernetes. */
import type {
  ComponentSpec,
  ContainerSpec,
  ExecutorSpec,
  KubernetesExecutorConfig,
} from '../../spec/index.ts';
import type { KubernetesSettings } from '../options/kubernetes/settings.ts';
import type { ContainerSettings } from '../trace/steps/container-template.ts';
import type { LoadedComponent } from '../trace/steps/loaded-component.ts';
import type { ComponentTask, TracedTask } from '../trace/traced-task.ts';
import { withTaskSettings, type ContainerDefaults, type PlaceholderOf } from './container.ts';
import { inputDefinitions, outputDefinitions } from './definitions.ts';
import { importerSpec } from './importer.ts';
import { kubernetesConfig, type SourceOf } from './kubernetes-config.ts';

/** Writes the container of a component of the project, without the settings of tasks. */
export type ContainerOf = (task: ComponentTask) => ContainerSpec;

/** What the lowering of a task needs of its place. */
export interface ExecutorPlace {
  readonly containerOf: ContainerOf;
  readonly placeholder: PlaceholderOf;
  readonly source: SourceOf;
}

export interface LoweredExecutor {
  readonly executor: ExecutorSpec;
  /** The component, but for the label of the executor. */
  readonly component: ComponentSpec;
  readonly kubernetes?: KubernetesExecutorConfig;
}

/** Lowers a task that is one executor; undefined for one that is a pipeline. */
export function lowerExecutor(task: TracedTask, place: ExecutorPlace): LoweredExecutor | undefined {
  const { work } = task;
  switch (work.kind) {
    case 'component': {
      const { settings } = work;
      const container = place.containerOf({ ...task, work });
      const passthroughs = settings.passthroughs.map(({ field, applyToTask }) => ({
        field,
        ...(applyToTask && { applyToTask }),
      }));
      return {
        ...inContainer(task, container, settings, settings.kubernetes, place),
        component: {
          ...interfaceOf(task),
          ...(passthroughs.length > 0 && { taskConfigPassthroughs: passthroughs }),
        },
      };
    }
    case 'container':
      return {
        ...inContainer(task, containerSpec(work.settings), work.settings, work.settings.kubernetes, place),
        component: interfaceOf(task),
      };
    case 'importer':
      return { executor: { importer: importerSpec(work.settings) }, component: interfaceOf(task) };
    case 'loaded':
      return work.loaded.single && loadedExecutor(task, work.loaded, place);
    case 'pipeline':
      return undefined;
  }
}

function interfaceOf({ component }: TracedTask): ComponentSpec {
  return { ...inputDefinitions(component.inputs), ...outputDefinitions(component.outputs) };
}

function inContainer(
  { options }: TracedTask,
  container: ContainerSpec,
  defaults: ContainerDefaults,
  settings: KubernetesSettings,
  { placeholder, source }: ExecutorPlace,
): Omit<LoweredExecutor, 'component'> {
  const kubernetes = kubernetesConfig(settings, options.kubernetes, options.timeout, source);
  return {
    executor: { container: withTaskSettings(container, defaults, options, placeholder) },
    ...(kubernetes && { kubernetes }),
  };
}

function containerSpec({ image, command, args }: ContainerSettings): ContainerSpec {
  return { image, ...(command.length > 0 && { command }), ...(args.length > 0 && { args }) };
}

/** A loaded component stays as its file has it: descriptions, environment and all. */
function loadedExecutor(
  task: TracedTask,
  { document, single }: LoadedComponent,
  place: ExecutorPlace,
): LoweredExecutor | undefined {
  if (single === undefined) return undefined;
  const component = single.component;
  const { container } = single.executor;
  if (container === undefined) return { executor: single.executor, component };
  const settings = document.platform?.platforms.kubernetes?.deploymentSpec?.executors?.[single.label];
  const defaults = { env: {}, resources: {} };
  return { ...inContainer(task, container, defaults, kubernetesOf(settings), place), component };
}

function kubernetesOf(settings: KubernetesExecutorConfig | undefined): KubernetesSettings {
  return Object.fromEntries(
    Object.entries(settings ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
