/** Looks, once a task has run, whether what it read still is what its cache key says. */
import { outsideDigests, type CacheKey, type KeyQuestion } from './cache-key.ts';
import { failureOf } from '../failure.ts';
import type { ArtifactStore } from '../ports.ts';

/**
 * Tells what changed while the task ran; undefined where nothing did. A result of data that changed belongs to
 * neither what was there before nor what is there now.
 */
export async function changeMeanwhile(
  key: Extract<CacheKey, { kind: 'key' }>,
  question: KeyQuestion,
  artifacts: Pick<ArtifactStore, 'verify'>,
): Promise<string | undefined> {
  try {
    for (const [name, list] of Object.entries(question.inputs.artifacts))
      for (const artifact of list) {
        if (artifact.producer === undefined) continue;
        const found = await artifacts.verify(artifact);
        if (found.kind === 'stale') return `its input "${name}" changed while it ran: ${found.reason}`;
      }
    const before = key.fields.outside;
    if (Object.keys(before).length === 0) return undefined;
    const now = await outsideDigests(question);
    const changed = Object.entries(before).find(
      ([name, digest]) => now.kind === 'none' || now.digests[name] !== digest,
    );
    return changed === undefined ? undefined : `what lies at its input "${changed[0]}" changed while it ran`;
  } catch (error) {
    return `what it read cannot be read again: ${failureOf(error).problem}`;
  }
}
