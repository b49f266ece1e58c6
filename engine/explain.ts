/** Explains a cache decision after the fact, from the logs of runs alone. */
import { UserError } from '../errors/index.ts';
import type { Digest } from '../spec/index.ts';
import type { CacheChecked, MadeOn, RunEvent } from './events.ts';
import { differencesOf, type FieldDifference } from './field-differences.ts';
import type { FingerprintFields } from './fingerprint.ts';
import type { EnginePorts } from './ports.ts';

/** How many earlier runs are looked through. */
const runsToSearch = 50;

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

interface Candidate {
  readonly runId: string;
  readonly task: string;
  readonly fingerprint: Digest;
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
  const events = await eventsOf(runId, ports);
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
      : await nearest(runId, events, check, fields, ports);
  if (near === undefined) return { ...facts, fingerprint, differences: [] };
  const { differences, ...compared } = near;
  const madeOn = hit?.kind === 'task-cached' ? hit.madeOn : undefined;
  return { ...facts, fingerprint, compared, ...(madeOn && { madeOn }), differences };
}

/** Finds the earlier fingerprint of the same component that differs least; of equals, the latest. */
async function nearest(
  runId: string,
  events: readonly RunEvent[],
  check: CacheChecked,
  fields: FingerprintFields,
  ports: Pick<EnginePorts, 'runs'>,
): Promise<Candidate | undefined> {
  const own = events.slice(0, events.indexOf(check));
  let best = candidatesIn(runId, own, fields).sort((a, b) => rank(a, check) - rank(b, check))[0];
  const listed = await ports.runs.list();
  const created = listed.find((run) => run.runId === runId)?.createdAt ?? Number.POSITIVE_INFINITY;
  const earlier = listed.filter((run) => run.runId !== runId && run.createdAt <= created);
  for (const run of earlier.slice(0, runsToSearch)) {
    if (best !== undefined && rank(best, check) === 0) break;
    for (const candidate of candidatesIn(run.runId, await eventsOf(run.runId, ports), fields))
      if (best === undefined || rank(candidate, check) < rank(best, check)) best = candidate;
  }
  return best;
}

function candidatesIn(runId: string, events: readonly RunEvent[], fields: FingerprintFields): Candidate[] {
  return events.flatMap((event) => {
    if (event.kind !== 'cache-checked' || event.fields === undefined || event.fingerprint === undefined)
      return [];
    if (!isSameComponent(event.fields, fields)) return [];
    const { task, fingerprint } = event;
    return { runId, task, fingerprint, differences: differencesOf(event.fields, fields) };
  });
}

/** Fewer differences first; then the task of the same name. */
function rank(candidate: Candidate, check: CacheChecked): number {
  return candidate.differences.length + (candidate.task === check.task ? 0 : 0.5);
}

function isSameComponent({ code: a }: FingerprintFields, { code: b }: FingerprintFields): boolean {
  if (a.kind === 'component') return b.kind === 'component' && a.function === b.function;
  const nameOf = (image: string): string => image.split('@')[0] ?? image;
  return b.kind === 'container' && nameOf(a.image) === nameOf(b.image);
}

async function eventsOf(runId: string, ports: Pick<EnginePorts, 'runs'>): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const entry of ports.runs.log(runId).read(0)) events.push(...entry.events);
  return events;
}
