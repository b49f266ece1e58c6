import type { JsonValue } from '../../spec/index.ts';
import type { TaskNode } from './graph.ts';

/**
 * Tells how a task ended, as KFP's PipelineTaskFinalStatus has it. What did not run because a task before it failed
 * counts as failed; what did not run because of a condition is `SKIPPED`.
 * @param job what a run is called to its components
 */
export function finalStatus(node: TaskNode, job: string): JsonValue {
  return {
    state: stateOf(node),
    pipelineTaskName: node.name,
    pipelineJobResourceName: job,
    error: errorOf(node),
  };
}

function stateOf({ status, unwanted }: TaskNode): string {
  switch (status) {
    case 'succeeded':
      return 'SUCCEEDED';
    case 'cancelled':
      return 'CANCELLED';
    case 'skipped':
      return unwanted ? 'SKIPPED' : 'FAILED';
    case 'failed':
    case 'waiting':
    case 'ready':
      return 'FAILED';
  }
}

/** KFP's error is a google.rpc.Status: 1 is its code for what was cancelled, and kfp.local's for what failed. */
function errorOf({ status, unwanted, failure, name }: TaskNode): JsonValue {
  if (status === 'succeeded' || unwanted) return {};
  if (failure !== undefined) return { code: 1, message: `${failure.code} ${failure.problem}` };
  const what = status === 'cancelled' ? 'was cancelled' : 'did not run';
  return { code: 1, message: `The task ${name} ${what}.` };
}
