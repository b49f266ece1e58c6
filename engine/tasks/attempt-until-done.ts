/** Attempts a task until it succeeds, may not be tried again, or need not be: another task has made the same. */
import { runAttempt, type AttemptOutcome } from './attempt.ts';
import type { Work } from './attempt-request.ts';
import type { Flight, Landing, Maker } from '../cache/flights.ts';
import type { Failure, Outputs } from '../events.ts';
import type { TaskNode } from '../graph/graph.ts';
import type { NewEvent } from '../graph/machine.ts';
import type { Platform } from '../platform.ts';
import { retryDelay } from './retry.ts';
import type { RunContext } from '../run-context.ts';

/** What a task gave. */
export interface Done {
  readonly outputs: Outputs;
  readonly uncacheable?: string;
  /** Where they were made, where the attempt itself told. */
  readonly platform?: Platform;
}

/** Another task that was waited for, and what became of it. */
export interface Waited {
  readonly maker: Maker;
  readonly landing: Landing | undefined;
}

export interface Trials {
  readonly node: TaskNode;
  readonly work: Work;
  readonly flight: Flight;
  /** Whether the cache has the result, and an attempt that another driver started comes first nevertheless. */
  readonly isKnown: boolean;
  /** Gives what the log is to say before the next attempt. */
  readonly before: (waited: Waited | undefined) => readonly NewEvent[];
  /** Gives what the log is to say of a wait for another task. */
  readonly waiting: (maker: Maker) => NewEvent;
  /** Puts what the task gave into the cache; returns what a person should know about it. */
  readonly keep: (done: Done) => Promise<Keeping>;
}

export interface Keeping {
  readonly landing: Landing;
  readonly events: readonly NewEvent[];
}

export type TrialsEnd =
  | { readonly kind: 'ended'; readonly landing: Landing }
  /** The cache has the result by now. */
  | { readonly kind: 'made'; readonly waitedFor: Maker | undefined };

const gaveNothing: TrialsEnd = { kind: 'ended', landing: 'failed' };

/** Attempts a task until it has ended, or finds its result elsewhere. A task that waits for another holds no slot. */
export async function attemptUntilDone(trials: Trials, run: RunContext): Promise<TrialsEnd> {
  const { node, work, flight } = trials;
  const task = node.path;
  let first = trials.before(undefined);
  let waitedFor: Maker | undefined;
  const adopted = node.openAttempt;
  /** Attempts in a row that the platform took away. */
  let losses = 0;
  for (;;) {
    if (run.signal.aborted) {
      await run.journal.record(...first, { kind: 'task-cancelled', task });
      return gaveNothing;
    }
    // Only what has a slot is at it: nobody waits for a task that waits itself.
    const outcome = await run.attempts.use(async () => {
      const turn = node.openAttempt === undefined ? flight.begin() : ours;
      return turn.kind === 'ours' ? runAttempt(node, work, first, run) : turn;
    });
    if (outcome.kind === 'unstarted') continue;
    if (outcome.kind === 'made') return { kind: 'made', waitedFor };
    first = [];
    if (outcome.kind === 'theirs') {
      waitedFor = outcome.maker;
      await run.journal.record(trials.waiting(waitedFor));
      const landing = await flight.landed(run.signal);
      if (!run.signal.aborted) first = trials.before({ maker: waitedFor, landing });
      continue;
    }
    const attempt = node.attempts;
    if (outcome.kind === 'succeeded') {
      const { landing, events } = await trials.keep(outcome);
      await run.journal.record(
        ...events,
        { kind: 'attempt-ended', task, attempt, outcome: 'succeeded' },
        { kind: 'task-succeeded', task, outputs: outcome.outputs },
      );
      return { kind: 'ended', landing };
    }
    if (outcome.kind === 'lost') {
      losses = outcome.reason === undefined ? losses : losses + 1;
      if (!(await goesOnAfterLoss(node, attempt, outcome.reason, losses, run))) return gaveNothing;
      // Its driver died after it had put the result into the cache, and before the log had it.
      if (attempt === adopted && trials.isKnown) return { kind: 'made', waitedFor };
      continue;
    }
    losses = 0;
    const delay = await endAttempt(node, attempt, outcome, run);
    if (delay === undefined) return gaveNothing;
    await run.ports.clock.sleep(delay, run.signal);
  }
}

/** An attempt that an earlier driver started goes on, whoever else is at the same by now. */
const ours = { kind: 'ours' } as const;

/** After so many attempts in a row that were taken away, a task fails: something takes every one. */
const mostLosses = 20;
/** The longest wait after a loss, in milliseconds. */
const longestLossDelay = 60_000;

/** Records an attempt that was taken away, and waits for the next one; tells whether there is to be one. */
async function goesOnAfterLoss(
  node: TaskNode,
  attempt: number,
  reason: string | undefined,
  losses: number,
  run: RunContext,
): Promise<boolean> {
  const task = node.path;
  const why = reason === undefined ? {} : { reason };
  const ended: NewEvent = { kind: 'attempt-ended', task, attempt, outcome: 'lost', ...why };
  if (losses >= mostLosses) {
    const failure: Failure = {
      code: 'FER4013',
      kind: 'infrastructure',
      problem: `"${task}" was taken away ${losses} times in a row, the last time because ${reason ?? 'its driver died'}`,
      fix: 'let it run where it is not preempted: another queue, priority class or node pool',
      retryable: false,
    };
    await run.journal.record(ended, { kind: 'task-failed', task, failure });
    return false;
  }
  // The driver's own death is over by now; a machine that went away may not be alone.
  const retryIn = losses === 0 ? undefined : Math.min(longestLossDelay, 500 * 2 ** losses);
  await run.journal.record(retryIn === undefined ? ended : { ...ended, retryIn });
  if (retryIn !== undefined) await run.ports.clock.sleep(retryIn, run.signal);
  return true;
}

/** Records an attempt that gave nothing; returns milliseconds until the next one, if there is to be one. */
async function endAttempt(
  node: TaskNode,
  attempt: number,
  outcome: Extract<AttemptOutcome, { kind: 'failed' | 'cancelled' }>,
  run: RunContext,
): Promise<number | undefined> {
  const task = node.path;
  if (outcome.kind === 'cancelled') {
    await run.journal.record(
      { kind: 'attempt-ended', task, attempt, outcome: 'cancelled' },
      { kind: 'task-cancelled', task },
    );
    return undefined;
  }
  const { failure } = outcome;
  const retryIn = failure.retryable ? retryDelay(node.retry, node.failures + 1) : undefined;
  const ended: NewEvent = { kind: 'attempt-ended', task, attempt, outcome: 'failed', failure };
  if (retryIn === undefined) await run.journal.record(ended, { kind: 'task-failed', task, failure });
  else await run.journal.record({ ...ended, retryIn });
  return retryIn;
}
