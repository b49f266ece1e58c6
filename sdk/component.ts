import { UserError } from '../errors/index.ts';
import type { TaskContext } from './context.ts';
import { runAlone, type AloneInputs, type AloneResult } from './run-alone.ts';
import type { ComponentOptions, Task } from './task-options.ts';
import type { Args, Given, Outs } from './values.ts';

/** A step that pipelines can use: call it inside a pipeline to make a task of it. */
export interface Component<A, Out, I = unknown, O = unknown, R = unknown> {
  (...given: Given<A>): Task<Out>;
  /**
   * Runs the component by itself in this process, with temporary artifacts: for unit tests and a debugger. Give an
   * input artifact as `artifact(path)`.
   */
  run(inputs: AloneInputs<I>): Promise<AloneResult<O, R>>;
}

export type ComponentBody<I, O, R> = (inputs: I, out: O, context: TaskContext) => R;

/**
 * Makes a component of a typed function. It must initialise a top-level exported const; its interface is read from
 * the types of the function's first two parameters and of what it returns.
 *
 * The compiler loads pipelines with its own form of this function; this one is for code that runs by itself.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- a component may take nothing and give nothing
export function component<I extends object = {}, O extends object = {}, R = void>(
  options: ComponentOptions,
  body: ComponentBody<I, O, R>,
): Component<Args<I>, Outs<O, R>, I, O, R> {
  const definition = (): never => {
    throw new UserError('FER2026', {
      problem: 'a component was called outside a pipeline that is compiled, or comes from a package',
      fix: 'use its run() where there is no pipeline; copy a component of a package into the project',
    });
  };
  definition.run = (inputs: AloneInputs<I>): Promise<AloneResult<O, R>> => runAlone(body, inputs);
  definition.options = options;
  definition.body = body;
  return definition;
}
