/** What a trace leaves behind: a graph of tasks, ready to be lowered. */
import type { Location } from '../../errors/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import type { ComponentInterface, PortType } from '../interfaces/component-interface.ts';
import type { ComponentSettings } from '../options/component-settings.ts';
import type { TaskSettings } from '../options/task-settings.ts';
import type { RefObject } from './ref.ts';
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

export interface TracedTask {
  /** Unique in the pipeline. */
  readonly name: string;
  /** What it runs; of a task that is a pipeline, its parameters and outputs. */
  readonly component: ComponentInterface;
  /** The pipeline that the task is; undefined for a component. */
  readonly nested?: TracedPipeline;
  readonly settings: ComponentSettings;
  readonly options: TaskSettings;
  readonly inputs: ReadonlyMap<string, Binding>;
  /** Tasks it was told to wait for. */
  readonly after: readonly TracedTask[];
  readonly place: () => Location;
}

export interface TracedParameter {
  readonly name: string;
  readonly type: PortType;
  readonly default?: JsonValue;
  readonly description?: string;
}

export interface TracedPipeline {
  readonly name: string;
  readonly place: Location;
  readonly description?: string;
  readonly parameters: readonly TracedParameter[];
  readonly tasks: readonly TracedTask[];
  readonly outputs: ReadonlyMap<string, RefObject>;
}

/** Lists all tasks of a pipeline, those of the pipelines in it too. */
export function everyTask(pipeline: TracedPipeline): TracedTask[] {
  return pipeline.tasks.flatMap((task) =>
    task.nested === undefined ? [task] : [task, ...everyTask(task.nested)],
  );
}
