/** Explains a cache decision after the fact, from the logs of runs alone. */
import { UserError } from '../errors/index.ts';
import type { Digest } from '../spec/index.ts';
import { earlierFingerprints } from './earlier-fingerprints.ts';
import { eventsOf } from './events-of.ts';
import type { CacheChecked, MadeOn } from './events.ts';
import type { FieldDifference } from './field-differences.ts';
import type { EnginePorts } from './ports.ts';

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
  const names = events.flatMap((event) => (event.kind === 'tasks-added' ? event.tasks : []));
  if (!names.some(({ path }) => path === task))
    throw new UserError('FER4003', {
      problem: names.length === 0 ? `there is no run "${runId}"` : `the run "${runId}" has no task "${task}"`,
      fix:
        names.length === 0
          ? 'see what there is: ferrule runs'
          : `its tasks: ${names.map(({ path }) => path).join(', ')}`,
    });
  const check = events.findLast(
    (event): event is CacheChecked => event.kind === 'cache-checked' && event.task === task,
  );
  if (check === undefined) {
    const skipped = events.find((event) => event.kind === 'task-skipped' && event.task === task);
    const reason =
      skipped?.kind === 'task-skipped' ? `it did not run: ${skipped.reason}` : 'the cache was not asked';
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
