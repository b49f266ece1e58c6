/** What a trace leaves behind: a graph of tasks, ready to be lowered. */
import type { Location } from '../../errors/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import type { ComponentInterface, PortType } from '../interfaces/component-interface.ts';
import type { ComponentSettings } from '../options/component-settings.ts';
import type { PipelineSettings } from '../options/pipeline-settings.ts';
import type { TaskSettings } from '../options/task-settings.ts';
import type { ContainerSettings } from './steps/container-template.ts';
import type { ImporterSettings } from './steps/importer-task.ts';
import type { LoadedComponent } from './steps/loaded-component.ts';
import type { RefObject } from './ref.ts';
import type { GroupChild, TracedGroup } from './flow/traced-group.ts';
import type { TemplatePart } from './template.ts';

/** What an input is given. */
export type Binding =
  | { readonly kind: 'ref'; readonly ref: RefObject }
  | { readonly kind: 'constant'; readonly value: Constant };

/** A JSON value whose texts may be templates. */
export type Constant =
  | Exclude<JsonValue, object>
  | { readonly template: readonly TemplatePart[] }
  | { readonly list: readonly Constant[] }
  | { readonly struct: Readonly<Record<string, Constant>> };

/** What a task runs. */
export type Work =
  /** A component of the project: its code is bundled. */
  | { readonly kind: 'component'; readonly settings: ComponentSettings }
  /** A program in an image of others. */
  | { readonly kind: 'container'; readonly settings: ContainerSettings }
  /** A component or pipeline that was compiled before. */
  | { readonly kind: 'loaded'; readonly loaded: LoadedComponent }
  | { readonly kind: 'importer'; readonly settings: ImporterSettings }
  | { readonly kind: 'pipeline'; readonly pipeline: TracedPipeline };

export interface TracedTask {
  readonly kind: 'task';
  /** Unique in the pipeline. */
  readonly name: string;
  /** What goes in and out; of a task that is a pipeline, its parameters and outputs. */
  readonly component: ComponentInterface;
  readonly work: Work;
  readonly options: TaskSettings;
  readonly inputs: ReadonlyMap<string, Binding>;
  /** Tasks and groups of tasks that it was told to wait for. */
  readonly after: readonly GroupChild[];
  readonly group: TracedGroup;
  readonly place: () => Location;
}

/** A task that runs a component of the project. */
export type ComponentTask = TracedTask & { readonly work: Extract<Work, { kind: 'component' }> };

export interface TracedParameter {
  readonly name: string;
  readonly type: PortType;
  /** Whether a run may leave it out. */
  readonly optional: boolean;
  readonly default?: JsonValue;
  readonly description?: string;
}

export interface TracedPipeline {
  readonly name: string;
  readonly settings: PipelineSettings;
  readonly place: Location;
  readonly description?: string;
  readonly parameters: readonly TracedParameter[];
  /** All its tasks, in the order in which they were made. */
  readonly tasks: readonly TracedTask[];
  /** The same tasks as a tree of loops, branches and the like. */
  readonly body: TracedGroup;
  readonly outputs: ReadonlyMap<string, RefObject>;
}

/** Lists all tasks of a pipeline, those of the pipelines in it too. */
export function everyTask(pipeline: TracedPipeline): TracedTask[] {
  return pipeline.tasks.flatMap((task) =>
    task.work.kind === 'pipeline' ? [task, ...everyTask(task.work.pipeline)] : [task],
  );
}

/** Lists the tasks that run components of the project, those of the pipelines in a pipeline too. */
export function componentTasks(pipeline: TracedPipeline): ComponentTask[] {
  return everyTask(pipeline).filter((task): task is ComponentTask => task.work.kind === 'component');
}

/** Lists the texts that are written out in a constant, pieces of templates too. */
export function textsIn(value: Constant): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if ('list' in value) return value.list.flatMap((item) => textsIn(item));
  if ('struct' in value) return Object.values(value.struct).flatMap((field) => textsIn(field));
  return value.template.filter((part) => typeof part === 'string');
}
