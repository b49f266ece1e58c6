/** Writes what happens into the run's log, once an engine tick, and feeds the state machine. */
import { InfrastructureError } from '../errors/index.ts';
import { logVersion, type RunEvent } from './events.ts';
import type { Command, Machine, NewEvent } from './graph/machine.ts';
import type { Clock, Observer, RunLog } from './ports.ts';

export interface Journal {
  /** Records events that belong together. Resolves once they are in the log: effects come after. */
  record(...events: readonly NewEvent[]): Promise<void>;
  /** Resolves with the run's end; rejects where the log cannot be written, or belongs to another driver by now. */
  readonly ended: Promise<void>;
  /** Takes no more: what happens from here on is for another driver to record. */
  close(): void;
}

/** A command that reaches outside the log. */
type Effect = Exclude<Command, { kind: 'record' }>;

export interface JournalParts {
  readonly runId: string;
  readonly driver: string;
  readonly log: RunLog;
  /** Number of the next entry. */
  readonly seq: number;
  readonly machine: Machine;
  readonly clock: Clock;
  /** Sees each event after it is in the log. */
  readonly observer: Pick<Observer, 'event'>;
  /** Carries a command out. */
  readonly execute: (effect: Effect) => void;
}

/**
 * Longest that what ended waits to be written, in milliseconds, for what follows from it: a task after it that starts
 * goes into the same entry. An entry costs a small task as much as the task itself.
 */
const longestWait = 5;

/**
 * What may wait. Nothing outside hangs on these: a driver that dies before they are written leaves results that the next
 * one finds, or runs the attempt again.
 */
const patient: ReadonlySet<NewEvent['kind']> = new Set<NewEvent['kind']>([
  'cache-checked',
  'task-cached',
  'attempt-reported',
  'attempt-ended',
  'task-succeeded',
  'task-failed',
  'task-cancelled',
  'warning',
]);

function mayWait(event: NewEvent): boolean {
  // Before another attempt there is time to write that the last one ended.
  return patient.has(event.kind) && !(event.kind === 'attempt-ended' && event.retryIn !== undefined);
}

interface Waiter {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What was applied and is not in the log yet. */
interface Unwritten {
  readonly events: RunEvent[];
  readonly effects: Effect[];
  readonly waiters: Waiter[];
}

export function openJournal(parts: JournalParts): Journal {
  const { machine, clock } = parts;
  let seq = parts.seq;
  let pending: { readonly events: readonly NewEvent[]; readonly waiter: Waiter }[] = [];
  let unwritten: Unwritten = { events: [], effects: [], waiters: [] };
  let writing = false;
  let late = false;
  let broken: unknown;
  let finish: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  // Whoever drives awaits it; before that, nobody may.
  ended.catch(() => undefined);

  /** Applies a batch and all that follows from it: it goes into the same entry. */
  const apply = (batch: readonly NewEvent[]): Effect[] => {
    const at = new Date(clock.now()).toISOString();
    const effects: Effect[] = [];
    for (let next = batch; ;) {
      for (const event of next) {
        const stamped: RunEvent = { ...event, at };
        machine.apply(stamped);
        unwritten.events.push(stamped);
      }
      const follows: NewEvent[] = [];
      for (const command of machine.take())
        if (command.kind === 'record') follows.push(command.event);
        else effects.push(command);
      if (follows.length === 0) return effects;
      next = follows;
    }
  };

  /** Takes what is pending; tells whether it is to be written now. */
  const takePending = (): boolean => {
    const batch = pending;
    pending = [];
    for (const { waiter } of batch) unwritten.waiters.push(waiter);
    const events = batch.flatMap((record) => record.events);
    const canWait = events.length > 0 && events.every(mayWait);
    const effects = apply(events);
    if (!canWait || machine.ended()) {
      unwritten.effects.push(...effects);
      return true;
    }
    // What starts because of it looks around at first, and has to be written itself before it does anything.
    for (const effect of effects) parts.execute(effect);
    return false;
  };

  const write = async (): Promise<void> => {
    const { events, effects, waiters } = unwritten;
    unwritten = { events: [], effects: [], waiters: [] };
    try {
      if (events.length > 0) await append(events);
    } catch (error) {
      unwritten.waiters.push(...waiters);
      throw error;
    }
    for (const event of events) observe(event);
    for (const waiter of waiters) waiter.done();
    for (const effect of effects) parts.execute(effect);
    if (machine.ended()) finish();
  };

  const append = async (events: readonly RunEvent[]): Promise<void> => {
    const outcome = await parts.log.append({ version: logVersion, seq, driver: parts.driver, events });
    if (outcome === 'conflict')
      throw new InfrastructureError('FER4005', {
        problem: `another driver took the run ${parts.runId} over`,
        fix: `watch it there, or wait for its end: ferrule show ${parts.runId}`,
        retryable: false,
      });
    seq += 1;
  };

  const observe = (event: RunEvent): void => {
    try {
      parts.observer.event(event);
    } catch {
      // What a watcher cannot bear is no reason to stop a run.
    }
  };

  const breakWith = (error: unknown): void => {
    broken = error;
    const waiters = [...unwritten.waiters, ...pending.map(({ waiter }) => waiter)];
    unwritten = { events: [], effects: [], waiters: [] };
    pending = [];
    for (const waiter of waiters) waiter.failed(error);
    fail(error);
  };

  /** Has what may wait written, unless something else took it along by then. */
  const writeLater = (): void => {
    if (late) return;
    late = true;
    void clock.sleep(longestWait, new AbortController().signal).then(() => {
      late = false;
      schedule(true);
    });
  };

  const schedule = (whatWaits: boolean): void => {
    if (writing) return;
    writing = true;
    void (async () => {
      // One turn of the event loop gathers what ends together.
      await Promise.resolve();
      try {
        let now = whatWaits;
        while (pending.length > 0 || now) {
          if (pending.length > 0) now = takePending() || now;
          if (now) await write();
          now = false;
        }
        if (unwritten.events.length > 0) writeLater();
      } catch (error) {
        breakWith(error);
      }
      writing = false;
    })();
  };

  return {
    ended,
    close() {
      schedule(true);
      broken ??= new InfrastructureError('FER4005', {
        problem: `this driver let go of the run ${parts.runId}`,
        fix: `go on with it: ferrule resume ${parts.runId}`,
        retryable: false,
      });
    },
    record: (...events) =>
      new Promise<void>((done, failed) => {
        if (broken !== undefined) {
          failed(broken);
          return;
        }
        pending.push({ events, waiter: { done, failed } });
        schedule(false);
      }),
  };
}
