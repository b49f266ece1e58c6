import { FerruleError, messageOf } from '../errors/index.ts';
import type { Failure } from './events.ts';

/** Turns anything thrown into a failure that the log can hold. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof FerruleError) {
    const { code, kind, problem, fix } = thrown;
    const retryable = 'retryable' in thrown ? thrown.retryable === true : false;
    return { code, kind, problem, ...(fix !== undefined && { fix }), retryable };
  }
  return {
    code: 'FER4000',
    kind: 'internal',
    problem: messageOf(thrown),
    ...(thrown instanceof Error && thrown.stack !== undefined && { stack: thrown.stack }),
    retryable: false,
  };
}
