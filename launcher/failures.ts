/** What became of a command that did not succeed, as the engine keeps it. */
import { existsSync } from 'node:fs';
import type { Failure } from '../engine/ports.ts';
import { FerruleError, InfrastructureError, messageOf } from '../errors/index.ts';
import {
  failureOf,
  formatFailure,
  isWorthRetrying,
  type Failure as ComponentFailure,
} from '../executor/failure.ts';
import { readFailureFile, terminationLog, writeFailureFile } from '../executor/failure-file.ts';
import type { ChildEnd } from './child-process.ts';

export interface CommandFailure {
  readonly failure: Failure;
  /** Whether it is in the log already. */
  readonly told: boolean;
}

/**
 * Tells the failure of a command.
 * @param failureFile where the executor wrote its own words, if it came to that
 */
export function failureOfCommand(
  end: ChildEnd,
  command: readonly string[],
  failureFile: string,
): CommandFailure {
  switch (end.kind) {
    case 'exited': {
      const told = readFailureFile(failureFile);
      if (told !== undefined) return { failure: ofComponent(told), told: true };
      return untold({
        code: 'FER6008',
        problem: `the component ended its process with exit code ${end.code} before it returned`,
        fix: 'see its log; the body is to return, or to throw an error: process.exit() leaves no outputs',
      });
    }
    case 'killed':
      return untold({
        code: 'FER6009',
        problem: `the component's process was killed by ${end.signal}`,
        fix:
          end.signal === 'SIGABRT'
            ? 'a native package crashed, or the JavaScript heap is full: the last lines of its log say which'
            : 'a native package most likely crashed: the last lines of its log may say more',
      });
    case 'unstarted':
      return untold({
        code: 'FER6082',
        problem: `the command ${command[0] ?? ''} cannot be started: ${messageOf(end.error)}`,
        fix: 'build the image of the component again: ferrule build',
      });
  }
}

function ofComponent(failure: ComponentFailure): Failure {
  const { code } = failure;
  return { ...failure, kind: 'user', retryable: code !== 'FER6082' && isWorthRetrying(code) };
}

function untold(failure: ComponentFailure): CommandFailure {
  return { failure: ofComponent(failure), told: false };
}

/** Makes the engine's failure of what was thrown while outputs were collected and kept. */
export function failureOfThrown(thrown: unknown): Failure {
  const failure = failureOf(thrown, 'FER4000');
  return {
    ...failure,
    kind: thrown instanceof FerruleError ? thrown.kind : 'internal',
    retryable: thrown instanceof InfrastructureError ? thrown.retryable : isWorthRetrying(failure.code),
  };
}

/** Leaves a failure where `kubectl describe` shows it, and the runner reads it. */
export function leaveLastWords(failure: Failure): void {
  // Only a container of Kubernetes has the file: anywhere else it is not for us to make.
  if (existsSync(terminationLog)) writeFailureFile(terminationLog, wordsOf(failure));
}

/** Writes a failure to the log. */
export function tell(failure: Failure): void {
  process.stderr.write(`${formatFailure(wordsOf(failure))}\n`);
}

function wordsOf({ code, problem, fix, stack }: Failure): ComponentFailure {
  return {
    // Every failure here was made from a coded error.
    code: code as ComponentFailure['code'],
    problem,
    ...(fix !== undefined && { fix }),
    ...(stack !== undefined && { stack }),
  };
}
