/** What a method is told, and what it gives. */
import type { Configuration, Space } from '../space.ts';

/** A trial that a method learns from. */
export interface Observation {
  readonly number: number;
  readonly configuration: Configuration;
  /** Its place among the observations: 0 is the best; absent where it failed, or is not known yet. */
  readonly rank?: number;
}

export interface Question {
  readonly space: Space;
  readonly seed: number;
  /** The number of the trial to propose, from 0. */
  readonly number: number;
  /** All trials before it, in the order of their numbers. */
  readonly before: readonly Observation[];
}
