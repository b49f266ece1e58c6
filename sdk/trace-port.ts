/** The seam between the SDK and whoever traces pipelines: calls of components reach the tracer that is at work. */
import type { Task, TaskOptions } from './task-options.ts';

const port: unique symbol = Symbol.for('ferrule.tracer') as never;

/** What `component()` was given: the tracer finds the interface in place of the body. */
export interface ComponentDefinition {
  readonly kind: 'component';
  readonly options: unknown;
  readonly body: unknown;
}

/** What `pipeline()` was given. */
export interface PipelineDefinition {
  readonly kind: 'pipeline';
  readonly name: string;
  readonly params: object;
  readonly body: unknown;
}

/** Receives what a pipeline's body does while it is traced. */
export interface Tracer {
  task(
    definition: ComponentDefinition | PipelineDefinition,
    inputs: object,
    options: TaskOptions,
  ): Task<never>;
}

interface Holder {
  [port]?: Tracer | undefined;
}

/** Makes a tracer the one at work while `work` runs. */
export function withTracer<T>(tracer: Tracer, work: () => T): T {
  const holder = globalThis as Holder;
  const before = holder[port];
  holder[port] = tracer;
  try {
    return work();
  } finally {
    holder[port] = before;
  }
}

export function traceTask(
  definition: ComponentDefinition,
  inputs: object,
  options: TaskOptions,
): Task<never> {
  const tracer = (globalThis as Holder)[port];
  if (tracer === undefined)
    throw new Error(
      'a component was called outside a pipeline: call it in a pipeline function, or use its run()',
    );
  return tracer.task(definition, inputs, options);
}

export function tracePipeline(definition: PipelineDefinition): never {
  const call = (inputs: object, options: TaskOptions = {}): Task<never> => {
    const tracer = (globalThis as Holder)[port];
    if (tracer === undefined)
      throw new Error(
        'a pipeline was called outside a pipeline: run it with `ferrule run`, or call it in another',
      );
    return tracer.task(definition, inputs, options);
  };
  return Object.assign(call, { definition }) as never;
}
