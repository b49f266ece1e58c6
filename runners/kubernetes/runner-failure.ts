/** Failures of attempts that the runner itself met. */
import type { Failure } from '../../engine/ports.ts';
import { FerruleError, InfrastructureError, messageOf } from '../../errors/index.ts';

/** Makes the engine's failure of what was thrown before a component ran. */
export function runnerFailure(thrown: unknown): Failure {
  if (!(thrown instanceof FerruleError))
    return { code: 'FER6057', kind: 'internal', problem: messageOf(thrown), retryable: false };
  const { code, kind, problem, fix } = thrown;
  return {
    code,
    kind,
    problem,
    ...(fix !== undefined && { fix }),
    retryable: thrown instanceof InfrastructureError && thrown.retryable,
  };
}
