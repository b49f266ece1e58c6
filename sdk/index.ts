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
export type { TaskContext } from './context.ts';
export { int, pipeline, required, type Pipeline } from './pipeline.ts';
export { artifact } from './run-alone.ts';
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
} from './task-options.ts';
export type { Int, Integer, Ref, Required } from './values.ts';
