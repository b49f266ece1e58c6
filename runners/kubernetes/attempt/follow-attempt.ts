/** Follows an attempt from its Job to its outcome. */
import {
  released,
  type Attempt,
  type AttemptSink,
  type Failure,
  type Outcome,
} from '../../../engine/ports.ts';
import { ApiError } from '../api/api-error.ts';
import { attemptLog, type AttemptLog } from './attempt-log.ts';
import type { Connection } from '../api/connection.ts';
import { withLastLines } from './container-failure.ts';
import { deleteJob } from './delete-job.ts';
import { sealed } from './ending.ts';
import { findJob } from './find-job.ts';
import { findPod } from './find-pod.ts';
import {
  failureOfWaiting,
  hasEnded,
  judge,
  type Memory,
  type Standing,
  type WaitingLimits,
} from './judge.ts';
import { progressTeller } from './progress.ts';
import type { RunView, Sight } from './run-view.ts';
import { runnerFailure } from '../runner-failure.ts';

export interface Following {
  readonly connection: Connection;
  readonly view: RunView;
  readonly attempt: Attempt;
  readonly sink: AttemptSink;
  readonly limits: WaitingLimits;
  /** Milliseconds that a pod has to go before it is given up: its grace period and some more. */
  readonly leaveLimit: number;
}

/** Milliseconds between looks when nothing changes: limits on waiting are kept that exactly. */
const glance = 1000;
/** Milliseconds that the server may refuse the credentials: a token may just be renewed. */
const refusalLimit = 60_000;

/** Follows an attempt whose Job was just made, or found. */
export async function followAttempt(following: Following): Promise<Outcome> {
  const { connection, view, attempt, sink } = following;
  const tell = progressTeller(sink);
  const changes = changesOf(view, attempt.name, attempt.signal);
  const log = attemptLog(connection, attempt, sink, changes.notice);
  const stretch = stretches();
  let memory: Memory = {
    job: undefined,
    pod: undefined,
    lists: view.see(attempt.name).lists,
    timeoutSeconds: attempt.timeoutSeconds,
  };
  try {
    for (;;) {
      if (attempt.signal.aborted) return await endEarly(following, log);
      const seen = view.see(attempt.name);
      const refused = refusalOf(seen, connection);
      if (refused !== undefined) return { kind: 'failed', failure: refused };
      const sight = await withPod(seen, memory, following);
      if (sight === undefined) {
        await changes.next(glance);
        continue;
      }
      const isSuspended = sight.job?.spec.suspend === true;
      memory = {
        ...memory,
        job: sight.job ?? memory.job,
        pod: sight.pod ?? (isSuspended ? undefined : memory.pod),
      };
      log.look(sight.pod);
      if (log.sealed()) return sealed(memory.pod);
      const standing = judge(sight, memory);
      if (standing.kind === 'ended' && (await isTakenAside(standing.outcome, following))) {
        await changes.next(glance);
        continue;
      }
      if (standing.kind === 'ended') {
        const last = await log.finish(sight.pod === undefined ? 'gone' : 'over');
        return withLastLines(standing.outcome, last);
      }
      const waited = stretch(standingKey(standing));
      const early = await giveUp(standing, waited, following);
      if (early !== undefined) {
        await log.finish('gone');
        return early;
      }
      tell(standing, sight.trouble);
      await changes.next(glance);
    }
  } finally {
    changes.close();
    log.close();
  }
}

/**
 * Jobs and pods are seen through two connections: that a Job has ended may show before its pod shows at all. What
 * became of it, and its log, are the pod's to tell.
 * @returns undefined where the server does not tell now
 */
async function withPod(
  sight: Sight,
  memory: Memory,
  { connection, attempt }: Following,
): Promise<Sight | undefined> {
  if (sight.pod !== undefined || memory.pod !== undefined || !hasEnded(sight.job)) return sight;
  try {
    const pod = await findPod(connection, attempt.name);
    return pod === undefined ? sight : { ...sight, pod };
  } catch {
    return undefined;
  }
}

/**
 * Whether a pod that seems lost was taken away by the queue of its Job, which will give it another: that the Job is
 * suspended may show later than the end of its pod. Where the server does not tell now, nothing is known yet.
 */
async function isTakenAside(outcome: Outcome, { connection, attempt }: Following): Promise<boolean> {
  if (outcome.kind !== 'lost') return false;
  try {
    return (await findJob(connection, attempt.name))?.spec.suspend === true;
  } catch (thrown) {
    return !(thrown instanceof ApiError && thrown.status === 403);
  }
}

/** Tells how long one and the same thing has been so, in milliseconds. */
function stretches(): (key: string) => number {
  let last = '';
  let since = performance.now();
  return (key) => {
    if (key !== last) since = performance.now();
    last = key;
    return performance.now() - since;
  };
}

function standingKey(standing: Standing): string {
  return standing.kind === 'waiting' ? `waiting ${standing.waiting.kind}` : standing.kind;
}

async function giveUp(
  standing: Standing,
  waited: number,
  { connection, attempt, limits, leaveLimit }: Following,
): Promise<Outcome | undefined> {
  if (standing.kind === 'leaving' && waited >= leaveLimit)
    return { kind: 'lost', reason: `${standing.reason}; its node no longer answers` };
  if (standing.kind !== 'waiting') return undefined;
  const failure = failureOfWaiting(standing.waiting, waited, limits);
  if (failure === undefined) return undefined;
  await deleteJob(connection, attempt.name, 'Background').catch(() => undefined);
  return { kind: 'failed', failure };
}

/** The server does not let us see what becomes of the attempt, and will not. */
function refusalOf({ trouble }: Sight, connection: Connection): Failure | undefined {
  if (trouble?.lasting !== true || performance.now() - trouble.since < refusalLimit) return undefined;
  return runnerFailure(connection.explain(trouble.error));
}

/** Cancelled, or another process goes on. */
async function endEarly(following: Following, log: AttemptLog): Promise<Outcome> {
  const { connection, view, attempt, leaveLimit } = following;
  if (attempt.signal.reason === released) return { kind: 'cancelled' };
  const never = new AbortController().signal;
  const changes = changesOf(view, attempt.name, never);
  try {
    // In the foreground a Job stays until its pods are gone: its own end is theirs.
    const known = await deleteJob(connection, attempt.name, 'Foreground').catch(() => true);
    const began = performance.now();
    const limit = known ? leaveLimit : 0;
    while (view.see(attempt.name).job !== undefined && performance.now() - began < limit) {
      log.look(view.see(attempt.name).pod);
      await changes.next(glance);
    }
    await log.finish('gone');
  } finally {
    changes.close();
  }
  return { kind: 'cancelled' };
}

interface Changes {
  /** Waits for the next change, for so many milliseconds at most. */
  next(most: number): Promise<void>;
  /** Tells of a change that is not the cluster's. */
  readonly notice: () => void;
  close(): void;
}

/** Waits for changes without missing one that comes in between. */
function changesOf(view: RunView, name: string, signal: AbortSignal): Changes {
  let changed = false;
  let wake: (() => void) | undefined;
  const notice = (): void => {
    changed = true;
    wake?.();
  };
  const stop = view.watch(name, notice);
  signal.addEventListener('abort', notice);
  return {
    notice,
    async next(most) {
      if (!changed)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, most);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      changed = false;
      wake = undefined;
    },
    close() {
      stop();
      signal.removeEventListener('abort', notice);
    },
  };
}
