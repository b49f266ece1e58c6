/** Follows an attempt from its Job to its outcome. */
import { released, type Attempt, type AttemptSink, type Failure, type Outcome } from '../../engine/ports.ts';
import type { Connection } from './connection.ts';
import { componentContainer } from './containers.ts';
import { deleteJob } from './delete-job.ts';
import { hasLog } from './ending.ts';
import { followLog } from './follow-log.ts';
import { failureOfWaiting, judge, type Memory, type Standing, type WaitingLimits } from './judge.ts';
import { progressTeller } from './progress.ts';
import type { RunView, Sight } from './run-view.ts';
import { runnerFailure } from './runner-failure.ts';

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
  const log = attemptLog(following);
  const changes = changesOf(view, attempt.name, attempt.signal);
  const stretch = stretches();
  let memory: Memory = { job: undefined, pod: undefined, lists: view.see(attempt.name).lists };
  try {
    for (;;) {
      if (attempt.signal.aborted) return await endEarly(following, log);
      const sight = view.see(attempt.name);
      memory = { ...memory, job: sight.job ?? memory.job, pod: sight.pod ?? memory.pod };
      log.look(sight);
      const refused = refusalOf(sight, connection);
      if (refused !== undefined) return { kind: 'failed', failure: refused };
      const standing = judge(sight, memory);
      if (standing.kind === 'ended') {
        await log.finish(sight.pod === undefined ? 'gone' : 'over');
        return standing.outcome;
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
async function endEarly(following: Following, log: ReturnType<typeof attemptLog>): Promise<Outcome> {
  const { connection, view, attempt, leaveLimit } = following;
  if (attempt.signal.reason === released) return { kind: 'cancelled' };
  const never = new AbortController().signal;
  const changes = changesOf(view, attempt.name, never);
  try {
    // In the foreground a Job stays until its pods are gone: its own end is theirs.
    const known = await deleteJob(connection, attempt.name, 'Foreground').catch(() => true);
    const began = performance.now();
    while (known && view.see(attempt.name).job !== undefined && performance.now() - began < leaveLimit) {
      log.look(view.see(attempt.name));
      await changes.next(glance);
    }
    await log.finish('gone');
  } finally {
    changes.close();
  }
  return { kind: 'cancelled' };
}

/** Waits for changes without missing one that comes in between. */
function changesOf(
  view: RunView,
  name: string,
  signal: AbortSignal,
): { next(most: number): Promise<void>; close(): void } {
  let changed = false;
  let wake: (() => void) | undefined;
  const notice = (): void => {
    changed = true;
    wake?.();
  };
  const stop = view.watch(name, notice);
  signal.addEventListener('abort', notice);
  return {
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

/** Milliseconds in which the rest of a log must come when its pod goes away. */
const lastWords = 2000;

/** The attempt's log, read as soon as there is one. */
function attemptLog({ connection, sink }: Following): {
  look(sight: Sight): void;
  finish(how: 'over' | 'gone'): Promise<void>;
  close(): void;
} {
  const end = new AbortController();
  let hasEnded = false;
  let reading: Promise<'all' | 'cut'> | undefined;
  let tellEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });
  return {
    look({ pod }) {
      if (pod === undefined) return;
      const state = hasLog(pod);
      if (state === 'ended' && !hasEnded) {
        hasEnded = true;
        tellEnd();
      }
      if (state === 'no' || reading !== undefined) return;
      reading = followLog(
        connection,
        {
          pod: pod.metadata.name,
          container: componentContainer,
          hasEnded: () => hasEnded,
          ended,
          kept: sink.kept,
        },
        (text) => sink.line(text),
        end.signal,
      );
    },
    async finish(how) {
      hasEnded = true;
      tellEnd();
      if (reading === undefined) return;
      const limit = how === 'gone' ? setTimeout(() => end.abort(), lastWords) : undefined;
      const read = await reading;
      clearTimeout(limit);
      if (read === 'cut' && how === 'over')
        sink.line('[ferrule] the rest of this log could not be read: its pod or node is gone');
    },
    close: () => end.abort(),
  };
}
