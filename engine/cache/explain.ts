/** Explains a cache decision after the fact, from the logs of runs alone. */
import { UserError } from '../../errors/index.ts';
import type { Digest } from '../../spec/index.ts';
import { earlierFingerprints } from './earlier-fingerprints.ts';
import { eventsOf } from '../events-of.ts';
import type { CacheChecked, MadeOn, TaskKind } from '../events.ts';
import type { FieldDifference } from './field-differences.ts';
import type { EnginePorts } from '../ports.ts';
import { foldRun } from '../run-state.ts';

/** Most tasks that a message names. */
const mostNamed = 20;

/** Why the cache decided as it did. */
export interface Explanation {
  readonly runId: string;
  readonly task: string;
  /** `none`: the cache was not asked, because the task did not get that far, or is no component. */
  readonly decision: 'hit' | 'miss' | 'off' | 'none';
  readonly reason: string;
  readonly fingerprint?: Digest;
  /** The nearest earlier fingerprint of the same component; absent where there is none. */
  readonly compared?: { readonly runId: string; readonly task: string; readonly fingerprint: Digest };
  /** What made the outputs of a hit. */
  readonly madeOn?: MadeOn;
  /** The fields that differ; empty where none does. */
  readonly differences: readonly FieldDifference[];
}

/**
 * Explains one task's cache decision, field by field against the nearest earlier fingerprint of the same component.
 * @throws UserError FER4003 where the run has no such task
 */
export async function explainTask(
  runId: string,
  task: string,
  ports: Pick<EnginePorts, 'runs'>,
): Promise<Explanation> {
  const events = await eventsOf(ports.runs.log(runId));
  const { tasks } = foldRun(events);
  const names = tasks.map(({ name }) => name);
  if (!names.includes(task))
    throw new UserError('FER4003', {
      problem: names.length === 0 ? `there is no run "${runId}"` : `the run "${runId}" has no task "${task}"`,
      fix:
        names.length === 0
          ? 'see what there is: ferrule runs'
          : `its tasks: ${names.slice(0, mostNamed).join(', ')}`,
    });
  const check = events.findLast(
    (event): event is CacheChecked => event.kind === 'cache-checked' && event.task === task,
  );
  if (check === undefined) {
    const found = tasks.find(({ name }) => name === task);
    const reason = found?.status === 'skipped' ? `it did not run: ${found.reason}` : notAsked(found?.kind);
    return { runId, task, decision: 'none', reason, differences: [] };
  }
  const { decision, reason, fingerprint, fields } = check;
  const facts = { runId, task, decision, reason };
  if (fingerprint === undefined || fields === undefined) return { ...facts, differences: [] };
  const hit = events.find((event) => event.kind === 'task-cached' && event.task === task);
  const near =
    hit?.kind === 'task-cached'
      ? { ...hit.from, fingerprint, differences: [] }
      : await earlierFingerprints(ports, { runId, own: events.slice(0, events.indexOf(check)) }).nearest(
          fields,
          task,
        );
  if (near === undefined) return { ...facts, fingerprint, differences: [] };
  const { differences, ...compared } = near;
  const madeOn = hit?.kind === 'task-cached' ? hit.madeOn : undefined;
  return { ...facts, fingerprint, compared, ...(madeOn && { madeOn }), differences };
}

function notAsked(kind: TaskKind | undefined): string {
  if (kind === 'dag') return 'it is a group of tasks: ask for one of them';
  if (kind === 'loop') return 'it is a loop: ask for a task of one of its iterations';
  return 'the cache was not asked';
}
