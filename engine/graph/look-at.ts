/** Decides what becomes of a task that waits. */
import type { Board } from './board.ts';
import { conditionOf, decide } from './expressions.ts';
import type { NodeStatus, TaskNode } from './graph.ts';
import { itemsOf } from './loop.ts';
import type { NewEvent } from './machine.ts';
import { resolveInputs } from './resolve.ts';
import { runsAnyway } from '../tasks/exit-task.ts';

/** Looks at a task; undefined where it is to wait on, or does not wait any more. */
export function lookAt(board: Board, node: TaskNode): NewEvent | undefined {
  if (node.status !== 'waiting') return undefined;
  const task = node.path;
  if (board.isCancelled(node)) return { kind: 'task-skipped', task, reason: 'the run was cancelled' };
  if (node.waitingFor > 0) return undefined;
  if (node.leftOut !== undefined) return { kind: 'task-skipped', task, reason: node.leftOut };
  if (!runsAnyway(node.task)) {
    const failed = node.after.find(({ status }) => status !== 'succeeded' && status !== 'skipped');
    const lost = failed ?? node.after.find(({ status, unwanted }) => status === 'skipped' && !unwanted);
    if (lost !== undefined)
      return { kind: 'task-skipped', task, reason: `"${lost.path}" ${wordFor(lost.status)}` };
    const reason = unwantedReason(node);
    if (reason !== undefined) return { kind: 'task-skipped', task, reason, by: 'condition' };
  }
  const condition = node.iteration === undefined ? conditionOf(node.task) : undefined;
  if (condition === undefined && (node.kind === 'component' || node.kind === 'importer'))
    return { kind: 'task-ready', task };
  const resolved = resolveInputs(node, board.facts());
  if (resolved.kind === 'missing') return { kind: 'task-failed', task, failure: resolved.failure };
  if (condition !== undefined) {
    const decision = decide(condition, node, resolved.inputs);
    if (decision.kind === 'failed') return { kind: 'task-failed', task, failure: decision.failure };
    if (decision.kind === 'skip')
      return { kind: 'task-skipped', task, reason: decision.reason, by: 'condition' };
  }
  if (node.kind === 'loop') {
    const found = itemsOf(node, resolved.inputs);
    if (found.kind === 'none') return { kind: 'task-failed', task, failure: found.failure };
  }
  return { kind: 'task-ready', task };
}

/**
 * Tells why a task is not to run that comes after one whose condition was false, or takes what such a one would have
 * given; undefined where it may. KFP's backend runs a task only after others that succeeded, in the same way.
 */
export function unwantedReason(node: TaskNode): string | undefined {
  const before = node.after.find(({ unwanted }) => unwanted);
  if (before !== undefined) return `"${before.path}" did not run: a condition was false`;
  if (!node.after.some(({ kind }) => kind === 'dag')) return undefined;
  const { inputs } = node.task;
  const { inputDefinitions } = node.component;
  const producerOf = (name: string | undefined): TaskNode | undefined => node.scope.nodes.get(name ?? '');
  for (const [name, { taskOutputParameter: made }] of Object.entries(inputs?.parameters ?? {})) {
    const producer = producerOf(made?.producerTask);
    const definition = inputDefinitions?.parameters?.[name];
    if (definition?.isOptional === true || definition?.defaultValue !== undefined) continue;
    if (lacks(producer, producer?.outputs?.parameters[made?.outputParameterKey ?? '']))
      return notGiven(producer, made?.outputParameterKey);
  }
  for (const [name, { taskOutputArtifact: made }] of Object.entries(inputs?.artifacts ?? {})) {
    const producer = producerOf(made?.producerTask);
    if (inputDefinitions?.artifacts?.[name]?.isOptional === true) continue;
    if (lacks(producer, producer?.outputs?.artifacts[made?.outputArtifactKey ?? '']))
      return notGiven(producer, made?.outputArtifactKey);
  }
  return undefined;
}

function lacks(producer: TaskNode | undefined, output: unknown): boolean {
  return producer?.kind === 'dag' && producer.status === 'succeeded' && output === undefined;
}

function notGiven(producer: TaskNode | undefined, output: string | undefined): string {
  return `"${producer?.path ?? ''}" gave no "${output ?? ''}": what makes it did not run, because a condition was false`;
}

function wordFor(status: NodeStatus): string {
  return status === 'failed' ? 'failed' : status === 'cancelled' ? 'was cancelled' : 'did not run';
}
