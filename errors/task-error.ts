/**
 * An error of a component that a person can act on: wrong data, a missing file. It is shown by its message and fix,
 * without a stack. Throw it inside a component's body.
 */
export class TaskError extends Error {
  /** What the reader can do about it. */
  readonly fix: string | undefined;

  constructor(problem: string, options: { readonly fix?: string; readonly cause?: unknown } = {}) {
    super(problem, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TaskError';
    this.fix = options.fix;
  }
}
