/** Failures of attempts, as the engine keeps them. */
import type { WorkerOutcome } from './worker-process.ts';
import { FerruleError, InfrastructureError } from '../../errors/index.ts';
import type { Failure } from '../../engine/ports.ts';
import {
  failureOf,
  isWorthRetrying,
  maskedFailure,
  type Failure as ComponentFailure,
} from '../../executor/failure.ts';
import type { SecretMask } from '../../executor/secret-mask.ts';

/** Makes the engine's failure of a component's, with secrets masked. */
export function attemptFailure(failure: ComponentFailure, secrets: SecretMask): Failure {
  return { ...maskedFailure(failure, secrets), kind: 'user', retryable: isWorthRetrying(failure.code) };
}

/** Makes the engine's failure of what the runner itself met before a worker had the task. */
export function runnerFailure(thrown: unknown): Failure {
  const { code, problem, fix } = failureOf(thrown, 'FER6015');
  return {
    code,
    kind: thrown instanceof FerruleError ? thrown.kind : 'infrastructure',
    problem,
    ...(fix !== undefined && { fix }),
    retryable: thrown instanceof InfrastructureError ? thrown.retryable : isWorthRetrying(code),
  };
}

type Death = Exclude<WorkerOutcome, { kind: 'ended' }>;

/** Tells in plain words why a worker process ended in the middle of a task. */
export function deathFailure(death: Death, ranOutOfHeap: boolean): Failure {
  if (death.kind === 'unstarted')
    return {
      code: 'FER6015',
      kind: 'infrastructure',
      problem: `a worker process could not be started: ${death.error.message}`,
      fix: 'see whether this machine has processes and memory left',
      retryable: true,
    };
  if (ranOutOfHeap)
    return {
      code: 'FER6010',
      kind: 'user',
      problem: 'the component ran out of memory: the JavaScript heap is full',
      fix: 'hold less in memory at a time, or raise the limit: env NODE_OPTIONS=--max-old-space-size=<MiB>',
      retryable: true,
    };
  if (death.signal !== null)
    return {
      code: 'FER6009',
      kind: 'user',
      problem: `the component's process was killed by ${death.signal}`,
      fix: signalFix(death.signal),
      retryable: true,
    };
  return {
    code: 'FER6008',
    kind: 'user',
    problem: `the component ended its process with exit code ${death.code ?? 'unknown'} before it returned`,
    fix: 'let the body return, or throw an error: process.exit() leaves no outputs',
    retryable: true,
  };
}

function signalFix(signal: NodeJS.Signals): string {
  switch (signal) {
    case 'SIGKILL':
      return 'the machine most likely ran out of memory: hold less in memory, or run fewer tasks at a time';
    case 'SIGSEGV':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGFPE':
    case 'SIGABRT':
      return 'a native package most likely crashed: its last words are in the log';
    default:
      return 'see what sent the signal';
  }
}
