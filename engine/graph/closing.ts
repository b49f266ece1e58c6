/** Decides what becomes of a scope whose tasks have ended. */
import type { Board } from './board.ts';
import { dagOutputs } from './dag-outputs.ts';
import type { Failure, Outputs } from '../events.ts';
import type { Scope, TaskNode } from './graph.ts';
import { loopOutputs } from './loop.ts';
import type { NewEvent } from './machine.ts';

/** Tells how a scope ended; undefined where something in it goes on, or it has ended before. */
export function closing(board: Board, scope: Scope): NewEvent | undefined {
  if (scope.unsettled > 0) return undefined;
  const { owner, loop } = scope;
  if (owner === undefined) return board.ended ? undefined : runEnd(board, scope);
  if (owner.status !== 'ready' || owner.inner !== scope) return undefined;
  const task = owner.path;
  const open = loop !== undefined && loop.next < loop.end;
  if (open && !board.isCancelled(owner)) return undefined;
  // One that has done all is not cancelled, whatever was wished meanwhile.
  const stopped = board.isCancelled(owner) && (open || [...scope.nodes.values()].some(wasStopped));
  if (scope.failure !== undefined) {
    const failure = loop === undefined ? scope.failure : loopFailure(scope, scope.failure, loop.failed);
    return { kind: 'task-failed', task, failure };
  }
  if (scope.cancelled || stopped) return { kind: 'task-cancelled', task };
  if (loop !== undefined) return { kind: 'task-succeeded', task, outputs: loopOutputs(scope) };
  const { outputs, lacking } = given(scope);
  if (lacking !== undefined) return { kind: 'task-failed', task, failure: lacking };
  return { kind: 'task-succeeded', task, outputs };
}

function runEnd(board: Board, scope: Scope): NewEvent {
  const { outputs, lacking } = given(scope);
  const { cancel } = board;
  const failure = scope.failure ?? lacking;
  if (cancel !== undefined && [...scope.nodes.values()].some(wasStopped)) {
    if (!cancel.deadline) return { kind: 'run-ended', status: 'cancelled', outputs };
    return { kind: 'run-ended', status: 'failed', outputs, failure: tooLong(cancel.reason) };
  }
  if (failure !== undefined) return { kind: 'run-ended', status: 'failed', outputs, failure };
  return { kind: 'run-ended', status: 'succeeded', outputs };
}

/** What did not run because of a condition would not have run anyway. */
function wasStopped({ status, unwanted }: TaskNode): boolean {
  return status !== 'succeeded' && !unwanted;
}

/** Where only a part was asked for, what the rest would have given is not missing. */
function given(scope: Scope): { readonly outputs: Outputs; readonly lacking?: Failure } {
  const result = dagOutputs(scope);
  const { outputs } = result;
  if (result.kind === 'found' || scope.selection.only !== undefined) return { outputs };
  return { outputs, lacking: result.failure };
}

function loopFailure(scope: Scope, first: Failure, failed: number): Failure {
  if (failed < 2) return first;
  const count = scope.loop?.items.list.length ?? 0;
  return {
    ...first,
    problem: `${failed} of the ${count} iterations of "${scope.path}" failed, the first of them so: ${causeOf(first)}`,
  };
}

/** Of a loop in a loop only the outer one says how many failed. */
function causeOf({ problem }: Failure): string {
  return problem.replace(/^\d+ of the \d+ iterations of "[^"]*" failed, the first of them so: /, '');
}

function tooLong(reason: string): Failure {
  return {
    code: 'FER4017',
    kind: 'user',
    problem: reason,
    fix: 'give the pipeline more time, or take the run up again: ferrule resume',
    retryable: false,
  };
}
