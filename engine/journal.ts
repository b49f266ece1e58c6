/** Writes what happens into the run's log, once an engine tick, and feeds the state machine. */
import { InfrastructureError } from '../errors/index.ts';
import { logVersion, type RunEvent } from './events.ts';
import type { Command, Machine, NewEvent } from './machine.ts';
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

export function openJournal(parts: JournalParts): Journal {
  const { machine, clock } = parts;
  let seq = parts.seq;
  let pending: NewEvent[] = [];
  let waiters: { readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  let writing = false;
  let broken: unknown;
  let finish: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  // Whoever drives awaits it; before that, nobody may.
  ended.catch(() => undefined);

  /** Applies a batch and all that follows from it: it goes into the same entry, and what it causes waits for that. */
  const apply = (batch: readonly NewEvent[]): { events: RunEvent[]; effects: Effect[] } => {
    const at = new Date(clock.now()).toISOString();
    const events: RunEvent[] = [];
    const effects: Effect[] = [];
    for (let next = batch; ;) {
      for (const event of next) {
        const stamped: RunEvent = { ...event, at };
        machine.apply(stamped);
        events.push(stamped);
      }
      const follows: NewEvent[] = [];
      for (const command of machine.take())
        if (command.kind === 'record') follows.push(command.event);
        else effects.push(command);
      if (follows.length === 0) return { events, effects };
      next = follows;
    }
  };

  /** Writes what is pending; tells whether the log still takes more. */
  const write = async (): Promise<boolean> => {
    const batch = pending;
    const waiting = waiters;
    pending = [];
    waiters = [];
    let applied: ReturnType<typeof apply>;
    try {
      applied = apply(batch);
      if (applied.events.length > 0) await append(applied.events);
    } catch (error) {
      broken = error;
      for (const waiter of [...waiting, ...waiters]) waiter.failed(error);
      waiters = [];
      fail(error);
      return false;
    }
    const { events, effects } = applied;
    for (const event of events) observe(event);
    for (const waiter of waiting) waiter.done();
    for (const effect of effects) parts.execute(effect);
    if (machine.ended()) finish();
    return true;
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

  const schedule = (): void => {
    if (writing) return;
    writing = true;
    void (async () => {
      // One turn of the event loop gathers what ends together.
      await Promise.resolve();
      while ((await write()) && pending.length > 0);
      writing = false;
    })();
  };

  return {
    ended,
    close() {
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
        pending.push(...events);
        waiters.push({ done, failed });
        schedule();
      }),
  };
}
