/** What an attempt that stages for itself does with the root: inside a pod, where there is no driver. */
import type { Assignment, AttemptKey, AttemptResult } from '../../engine/ports.ts';
import type { ExecutorOutput } from '../../spec/index.ts';
import type { Platform } from '../../engine/ports.ts';
import type { Root } from '../root.ts';

export interface StageOutOptions {
  /** Why the result must not be cached. */
  readonly uncacheable?: string;
  /** Where it was made. */
  readonly platform?: Platform;
}

/** How a kind of root brings inputs to an attempt and keeps its outputs. */
export interface AttemptStaging {
  readAssignment(attempt: AttemptKey): Promise<Assignment | undefined>;
  stageIn(assignment: Assignment): Promise<void>;
  stageOut(assignment: Assignment, output: ExecutorOutput, options: StageOutOptions): Promise<AttemptResult>;
  keepResult(attempt: AttemptKey, result: AttemptResult): Promise<AttemptResult>;
}

/** Reads what an attempt must know; undefined where nobody wrote it. */
export function readAssignment(root: Root, attempt: AttemptKey): Promise<Assignment | undefined> {
  return root.staging.readAssignment(attempt);
}

/**
 * Brings the inputs of an attempt to the paths that stand for their URIs (`gs://b/x` -> `/gcs/b/x`), each checked
 * against its digest, and makes the folders around its outputs and its work folder. Doing it again does no harm.
 * @throws InfrastructureError FER5026 or FER5028, UserError FER5024 or FER5025
 */
export function stageIn(root: Root, assignment: Assignment): Promise<void> {
  return root.staging.stageIn(assignment);
}

/**
 * Keeps what an attempt wrote at those paths: uploads and digests its outputs, then writes `result.json` if there is
 * none. Gives the result that is there then, which is the outcome.
 * @throws UserError FER5006 to FER5009 for outputs that cannot be kept, and what `stageIn` throws
 */
export function stageOut(
  root: Root,
  assignment: Assignment,
  output: ExecutorOutput,
  options: StageOutOptions = {},
): Promise<AttemptResult> {
  return root.staging.stageOut(assignment, output, options);
}

/** Writes a result, such as a failure, if there is none; gives the one that is there then. */
export function keepResult(root: Root, attempt: AttemptKey, result: AttemptResult): Promise<AttemptResult> {
  return root.staging.keepResult(attempt, result);
}
