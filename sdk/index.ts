export { TaskError } from '../errors/task-error.ts';
export type { JsonValue } from '../spec/json.ts';
export type {
  Artifact,
  ClassificationLog,
  ClassificationMetrics,
  Dataset,
  Html,
  Markdown,
  Metrics,
  Model,
  RocCurve,
  SlicedClassificationMetrics,
} from './artifacts.ts';
export { asset } from './asset.ts';
export { component, type Component } from './component.ts';
export { container, type ContainerTemplate, type Step } from './container.ts';
export { and, eq, gt, gte, lt, lte, ne, not, or, type Condition, type Truth } from './conditions.ts';
export type { TaskContext } from './context.ts';
export {
  collect,
  forEach,
  onExit,
  oneOf,
  when,
  type Branches,
  type Collected,
  type FinalStatus,
  type GroupOptions,
  type Loop,
  type LoopOptions,
  type When,
} from './control-flow.ts';
export { importer, type ImporterOptions, type ImporterTaskOptions, type MetadataValue } from './importer.ts';
export type {
  InitContainer,
  KubernetesOptions,
  NodeAffinity,
  PodAffinity,
  SelectorRequirement,
  Toleration,
} from './kubernetes-options.ts';
export { loadComponent } from './load-component.ts';
export {
  int,
  optional,
  pipeline,
  required,
  type Pipeline,
  type PipelineOptions,
  type Workspace,
} from './pipeline.ts';
export {
  concat,
  executorInput,
  ifPresent,
  type ArtifactPlaceholder,
  type CommandItem,
  type OutputFile,
  type Placeholder,
  type StructPlaceholder,
} from './placeholder.ts';
export { artifact } from './run-alone.ts';
export { run } from './run-facts.ts';
export type { TaskConfig, TaskConfigField, TaskConfigPassthrough } from './task-config.ts';
export type {
  Accelerator,
  ComponentCache,
  ComponentOptions,
  ImageOption,
  Duration,
  Resources,
  Retry,
  Task,
  TaskOptions,
  TaskResources,
} from './task-options.ts';
export type { Int, Integer, ItemOf, Optional, Ref, RefOf, Required } from './values.ts';
export { createPvc, deletePvc, type CreatePvcInputs, type DeletePvcInputs } from './volume-claims.ts';
