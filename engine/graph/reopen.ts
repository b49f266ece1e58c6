/** Takes a run up that had ended, or was to end: what succeeded stays, and the rest is to run. */
import type { Board } from './board.ts';
import { isUnsettled, type TaskNode } from './graph.ts';

/**
 * Opens again what failed, was skipped or cancelled. A task that runs whatever became of those before it, such as an exit
 * task, runs again too once one of those does.
 */
export function reopen(board: Board): void {
  board.ended = false;
  board.cancel = undefined;
  for (const node of toRunAgain(board)) {
    const { inner } = node;
    if (node.status === 'succeeded') {
      // It begins anew: what was in it is done with, and only its attempts go on being counted.
      board.leave(node, () => undefined);
      node.status = 'waiting';
      node.outputs = undefined;
    } else if (node.status !== 'ready') node.status = inner === undefined ? 'waiting' : 'ready';
    node.failures = 0;
    node.failure = undefined;
    node.unwanted = false;
  }
  board.openIterations = 0;
  for (const scope of board.scopes) {
    if (scope.owner !== undefined && scope.owner.status !== 'ready') continue;
    scope.failure = undefined;
    scope.cancelled = false;
    scope.unsettled = 0;
    if (scope.loop !== undefined) scope.loop.failed = 0;
    for (const node of scope.nodes.values()) {
      node.waitingFor = node.after.filter(isUnsettled).length;
      if (isUnsettled(node)) {
        scope.unsettled += 1;
        if (node.iteration !== undefined) board.openIterations += 1;
      }
      if (node.status === 'waiting' && node.waitingFor === 0) board.toLookAt.push(node);
    }
    if (scope.loop !== undefined) board.feed(scope);
    else if (scope.unsettled === 0) board.toClose.push(scope);
  }
}

/** What did not succeed, in scopes that did not, and what follows from it. */
function toRunAgain(board: Board): Set<TaskNode> {
  const found = new Set<TaskNode>();
  for (const scope of board.scopes) {
    // Scopes come after those around them: what is inside of a task that succeeded stays as it is.
    if (scope.owner !== undefined && !(found.has(scope.owner) && scope.owner.status !== 'succeeded'))
      continue;
    const here = new Set([...scope.nodes.values()].filter(({ status }) => status !== 'succeeded'));
    for (const node of here) for (const next of node.followers) here.add(next);
    for (const node of here) found.add(node);
  }
  return found;
}
