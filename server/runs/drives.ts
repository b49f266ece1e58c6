/** Drives the runs that were accepted: so many at a time, the oldest first, and what an earlier server left before those. */
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../errors/index.ts';
import type { RunRow } from '../store/tables.ts';
import { driveRun, pause, type DriveParts } from './drive-run.ts';
import { changeState, open } from './states.ts';

export interface Drives {
  /** Looks for runs that can begin. Cheap: call it whenever there may be some. */
  wake(): void;
  /** Cancels a run that is under way here; tells whether one was. */
  cancel(runId: string): boolean;
  /** Asks whoever drives a run elsewhere to cancel it. */
  cancelElsewhere(run: Pick<RunRow, 'run_id' | 'root'>): Promise<void>;
  /** Waits until a run is no longer driven, here or, for a while, elsewhere. */
  over(run: Pick<RunRow, 'run_id' | 'root'>): Promise<void>;
  /** How many runs are under way. */
  active(): number;
  /** Begins nothing more, and lets go of what is under way: another server goes on with it. */
  release(): Promise<void>;
}

interface Drive {
  readonly cancel: AbortController;
  readonly done: Promise<void>;
}

/** Milliseconds between two looks for runs that nobody told of: a store that failed, another server that died. */
const lookEvery = 15_000;
/** Milliseconds until it is looked again whether another process still drives a run. */
const otherDriver = 5000;
/** Milliseconds that a run which was cancelled elsewhere is waited for. */
const longestEnd = 30_000;

export function startDrives(
  parts: DriveParts & {
    readonly maxRuns: number;
    /** Resolves when the processor has room for a run that begins; it is not put off for long. */
    quiet(): Promise<void>;
    /** Called after a run ended: a schedule may have waited for it. */
    onEnd(run: RunRow): void;
  },
): Drives {
  const { database, metrics, maxRuns, log } = parts;
  const drives = new Map<string, Drive>();
  /** Runs that other processes drive, and until when that is believed. */
  const elsewhere = new Map<string, number>();
  const release = new AbortController();
  let looking = false;
  let again = false;

  const begin = (row: RunRow): void => {
    const cancel = new AbortController();
    if (row.state === 'CANCELING') cancel.abort();
    const work = async (): Promise<void> => {
      try {
        await driveToEnd(row, cancel.signal);
      } catch (error) {
        log({ kind: 'fault', run: row.run_id, message: messageOf(error) });
        // Not at once, or a database that fails would have it go round.
        await wait(pause, undefined, { signal: release.signal }).catch(() => undefined);
      } finally {
        drives.delete(row.run_id);
        wake();
      }
    };
    drives.set(row.run_id, { cancel, done: work() });
  };

  const look = async (): Promise<void> => {
    const now = Date.now();
    for (const [runId, until] of elsewhere) if (until <= now) elsewhere.delete(runId);
    for (const state of open) {
      const room = maxRuns - drives.size;
      if (room <= 0 || release.signal.aborted) return;
      const rows = await database
        .selectFrom('runs')
        .selectAll()
        .where('state', '=', state)
        .orderBy('created_at')
        .orderBy('run_id')
        // Of those some may be driven already.
        .limit(room + drives.size + elsewhere.size)
        .execute();
      for (const row of rows) {
        const free = !drives.has(row.run_id) && !elsewhere.has(row.run_id);
        if (free) await parts.quiet();
        if (free && drives.size < maxRuns && !release.signal.aborted) begin(row);
      }
    }
  };

  const wake = (): void => {
    again = true;
    if (looking || release.signal.aborted) return;
    looking = true;
    void (async () => {
      while (again) {
        again = false;
        await look().catch((error: unknown) => {
          log({ kind: 'fault', message: messageOf(error) });
          wakeIn(pause);
        });
      }
      looking = false;
    })();
  };
  const wakeIn = (milliseconds: number): void => void setTimeout(wake, milliseconds).unref();
  const timer = setInterval(wake, lookEvery);
  timer.unref();

  const driveToEnd = async (row: RunRow, cancel: AbortSignal): Promise<void> => {
    const outcome = await driveRun(parts, row, cancel, release.signal);
    if (outcome.kind === 'released') return;
    if (outcome.kind === 'elsewhere') {
      elsewhere.set(row.run_id, Date.now() + otherDriver);
      wakeIn(otherDriver);
      return;
    }
    const { to, message } = outcome;
    const changed = await changeState(database, row.run_id, {
      from: open,
      to,
      ...(message !== undefined && { message }),
    });
    if (!changed) return;
    metrics.ran(to.toLowerCase());
    log({ kind: 'run-ended', run: row.run_id, state: to, ...(message !== undefined && { message }) });
    parts.onEnd(row);
  };

  return {
    wake,
    cancel(runId) {
      const drive = drives.get(runId);
      drive?.cancel.abort();
      return drive !== undefined;
    },
    async cancelElsewhere({ run_id: runId, root }) {
      const { runs } = (await parts.benches.open(root)).ports;
      if ((await runs.driverOf(runId)) !== undefined) await runs.requestCancel(runId, 'terminated');
      else wake();
    },
    async over({ run_id: runId, root }) {
      const here = drives.get(runId);
      if (here !== undefined) return here.done;
      const { runs } = (await parts.benches.open(root)).ports;
      const until = Date.now() + longestEnd;
      while (Date.now() < until && (await runs.driverOf(runId)) !== undefined) await wait(pause / 2);
    },
    active: () => drives.size,
    async release() {
      release.abort();
      clearInterval(timer);
      await Promise.all([...drives.values()].map(({ done }) => done));
    },
  };
}
