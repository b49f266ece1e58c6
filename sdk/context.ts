/** What a component's body may ask of its surroundings. */
export interface TaskContext {
  /** Name of the task in the pipeline. */
  readonly taskName: string;
  /** Aborted when the run is cancelled or the task timed out. */
  readonly signal: AbortSignal;
  /** A folder for temporary files, on this machine, removed when the task ended. */
  readonly scratch: string;
  /**
   * Tells how far the task has come, while it runs: figures by name, at a step that grows, such as an epoch. A sweep
   * ends trials early by them; in KFP they are lines of the log.
   */
  readonly report: (values: Readonly<Record<string, number>>, step: number) => void;
}
