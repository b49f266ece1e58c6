import { InternalError } from '../errors/index.ts';
import type { JsonValue } from '../spec/index.ts';
import type { EnginePorts } from './ports.ts';

/** Why the cache decided as it did. */
export interface Explanation {
  readonly runId: string;
  readonly task: string;
  readonly decision: 'hit' | 'miss' | 'off' | 'none';
  readonly reason: string;
  readonly fingerprint?: string;
  /** The nearest earlier fingerprint of the same component; absent where there is none. */
  readonly compared?: { readonly runId: string; readonly task: string; readonly fingerprint: string };
  /** The fields that differ; empty where none does. */
  readonly differences: readonly FieldDifference[];
}

export interface FieldDifference {
  /** Such as `parameters.epochs` or `artifacts.train.digest`. */
  readonly field: string;
  /** What the field stands for, in words. */
  readonly meaning: string;
  readonly before?: JsonValue;
  readonly now?: JsonValue;
}

/**
 * Explains one task's cache decision, field by field against the nearest earlier fingerprint of the same component.
 * @throws UserError FER4003 where the run has no such task
 */
export function explainTask(
  _runId: string,
  _task: string,
  _ports: Pick<EnginePorts, 'runs'>,
): Promise<Explanation> {
  throw new InternalError('FER4000', { problem: 'explaining is not there yet' });
}
