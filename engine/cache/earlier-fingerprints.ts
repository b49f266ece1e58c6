/** Fingerprints of earlier runs: what a new one is held against, to say what is different now. */
import type { Digest } from '../../spec/index.ts';
import type { CacheChecked, RunEvent } from '../events.ts';
import { eventsOf } from '../events-of.ts';
import { differencesOf, type FieldDifference } from './field-differences.ts';
import type { FingerprintFields } from './fingerprint.ts';
import type { EnginePorts } from '../ports.ts';

/** How many earlier runs are looked through. */
const runsToSearch = 50;

/** An earlier fingerprint of the same component, and how it differs. */
export interface NearFingerprint {
  readonly runId: string;
  readonly task: string;
  readonly fingerprint: Digest;
  readonly differences: readonly FieldDifference[];
}

export interface EarlierFingerprints {
  /** Finds the one of the same component that differs least; of equals that of the same task, then the latest. */
  nearest(fields: FingerprintFields, task: string): Promise<NearFingerprint | undefined>;
}

type Known = Required<Pick<CacheChecked, 'task' | 'fingerprint' | 'fields'>> & { readonly runId: string };

/**
 * Opens the fingerprints of the runs before one, or of all; each log is read at most once.
 * @param own what the run itself checked before, where it counts too
 */
export function earlierFingerprints(
  ports: Pick<EnginePorts, 'runs'>,
  before?: { readonly runId: string; readonly own: readonly RunEvent[] },
): EarlierFingerprints {
  const read = new Map<string, Promise<readonly Known[]>>();
  const knownIn = (runId: string): Promise<readonly Known[]> => {
    const known = read.get(runId) ?? eventsOf(ports.runs.log(runId)).then((events) => knownOf(runId, events));
    read.set(runId, known);
    return known;
  };
  let runIds: Promise<readonly string[]> | undefined;
  return {
    async nearest(fields, task) {
      const own = before === undefined ? [] : knownOf(before.runId, before.own);
      let best = closest(undefined, own, fields, task);
      runIds ??= earlierRuns(ports, before?.runId);
      for (const runId of await runIds) {
        if (best !== undefined && rank(best, task) === 0) break;
        best = closest(best, await knownIn(runId), fields, task);
      }
      return best;
    },
  };
}

async function earlierRuns(
  ports: Pick<EnginePorts, 'runs'>,
  before: string | undefined,
): Promise<readonly string[]> {
  const listed = await ports.runs.list();
  const limit = listed.find(({ runId }) => runId === before)?.createdAt ?? Number.POSITIVE_INFINITY;
  const earlier = listed.filter(({ runId, createdAt }) => runId !== before && createdAt <= limit);
  return earlier.slice(0, runsToSearch).map(({ runId }) => runId);
}

function closest(
  best: NearFingerprint | undefined,
  known: readonly Known[],
  fields: FingerprintFields,
  task: string,
): NearFingerprint | undefined {
  let nearest = best;
  for (const candidate of known) {
    if (!isSameComponent(candidate.fields, fields)) continue;
    const { runId, fingerprint } = candidate;
    const differences = differencesOf(candidate.fields, fields);
    const found = { runId, task: candidate.task, fingerprint, differences };
    if (nearest === undefined || rank(found, task) < rank(nearest, task)) nearest = found;
  }
  return nearest;
}

/** Fewer differences first; then the task of the same name. */
function rank(candidate: NearFingerprint, task: string): number {
  return candidate.differences.length + (candidate.task === task ? 0 : 0.5);
}

function isSameComponent({ code: a }: FingerprintFields, { code: b }: FingerprintFields): boolean {
  if (a.kind === 'component') return b.kind === 'component' && a.function === b.function;
  // The arguments name the function.
  if (a.kind === 'program') return b.kind === 'program' && a.args.join('\n') === b.args.join('\n');
  const nameOf = (image: string): string => image.split('@')[0] ?? image;
  return b.kind === 'container' && nameOf(a.image) === nameOf(b.image);
}

function knownOf(runId: string, events: readonly RunEvent[]): readonly Known[] {
  return events.flatMap((event) => {
    if (event.kind !== 'cache-checked' || event.fields === undefined || event.fingerprint === undefined)
      return [];
    // It is asked again.
    if (event.waitsFor !== undefined) return [];
    const { task, fingerprint, fields } = event;
    return { runId, task, fingerprint, fields };
  });
}
