/** Drives the runs that were accepted: so many at a time, the oldest first, and what an earlier server left before those. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { eventsOf, foldRun, resumeRun, startRun, type RunEvent, type RunState } from '../../engine/index.ts';
import {
  FerruleError,
  formatError,
  InfrastructureError,
  messageOf,
  UserError,
  UserErrors,
} from '../../errors/index.ts';
import { checkParameters, type JsonValue } from '../../spec/index.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Bench } from '../parts.ts';
import type { Specs } from '../store/specs.ts';
import type { RunRow, Tables } from '../store/tables.ts';
import type { Benches } from './benches.ts';
import { keepOutputs } from './outputs.ts';
import { changeState, open } from './states.ts';

export interface Drives {
  /** Looks for runs that can begin. Cheap: call it whenever there may be some. */
  wake(): void;
  /** Cancels a run that is under way; tells whether one was. */
  cancel(runId: string): boolean;
  /** Waits until a run is no longer driven here. */
  over(runId: string): Promise<void>;
  /** How many runs are under way. */
  active(): number;
  /** Begins nothing more, and lets go of what is under way: another server goes on with it. */
  release(): Promise<void>;
}

export interface DriveParts {
  readonly database: Kysely<Tables>;
  readonly benches: Benches;
  readonly specs: Specs;
  readonly metrics: Metrics;
  readonly maxRuns: number;
  readonly concurrency: number;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
  /** Called after a run ended: a schedule may have waited for it. */
  onEnd(run: RunRow): void;
}

interface Drive {
  readonly cancel: AbortController;
  readonly done: Promise<void>;
}

/** Milliseconds between two looks for runs that nobody told of: a store that failed, another server that died. */
const lookEvery = 15_000;
/** Milliseconds until it is looked again whether another process still drives a run. */
const otherDriver = 5000;
/** How often a run is tried again that its store or its platform failed. */
const tries = 6;

export function startDrives(parts: DriveParts): Drives {
  const { database, metrics, maxRuns, log } = parts;
  const drives = new Map<string, Drive>();
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
        await wait(1000, undefined, { signal: release.signal }).catch(() => undefined);
      } finally {
        drives.delete(row.run_id);
        wake();
      }
    };
    drives.set(row.run_id, { cancel, done: work() });
  };

  const look = async (): Promise<void> => {
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
        .limit(room + drives.size)
        .execute();
      for (const row of rows)
        if (drives.size < maxRuns && !drives.has(row.run_id) && !release.signal.aborted) begin(row);
    }
  };

  const wake = (): void => {
    again = true;
    if (looking || release.signal.aborted) return;
    looking = true;
    void (async () => {
      while (again) {
        again = false;
        await look().catch((error: unknown) => log({ kind: 'fault', message: messageOf(error) }));
      }
      looking = false;
    })();
  };
  const timer = setInterval(wake, lookEvery);
  timer.unref();

  const driveToEnd = async (row: RunRow, cancel: AbortSignal): Promise<void> => {
    const outcome = await attempt(parts, row, cancel, release.signal);
    if (outcome.kind === 'released') return;
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
    over: async (runId) => drives.get(runId)?.done,
    active: () => drives.size,
    async release() {
      release.abort();
      clearInterval(timer);
      await Promise.all([...drives.values()].map(({ done }) => done));
    },
  };
}

type End =
  | { readonly kind: 'ended'; readonly to: 'SUCCEEDED' | 'FAILED' | 'CANCELED'; readonly message?: string }
  | { readonly kind: 'released' };

/** Drives a run, again where its store or its platform fails, until it ends or is let go of. */
async function attempt(
  parts: DriveParts,
  row: RunRow,
  cancel: AbortSignal,
  release: AbortSignal,
): Promise<End> {
  for (let count = 1; ; count++)
    try {
      return await driveOnce(parts, row, cancel, release);
    } catch (error) {
      if (release.aborted) return { kind: 'released' };
      if (isTaken(error)) return leave(release);
      const passing = error instanceof InfrastructureError && error.retryable;
      parts.log({
        kind: 'run-trouble',
        run: row.run_id,
        message: wordsOf(error),
        again: passing && count < tries,
      });
      if (!passing || count >= tries) return { kind: 'ended', to: 'FAILED', message: wordsOf(error) };
      await wait(Math.min(30_000, 500 * 2 ** count), undefined, { signal: release }).catch(() => undefined);
    }
}

/** Whether another process began the run, or took it over: a second server, or `ferrule resume`. */
function isTaken(error: unknown): boolean {
  return error instanceof FerruleError && (error.code === 'FER4004' || error.code === 'FER4005');
}

/** Leaves a run to another process, for a while: that one may die. */
async function leave(release: AbortSignal): Promise<End> {
  await wait(otherDriver, undefined, { signal: release }).catch(() => undefined);
  return { kind: 'released' };
}

async function driveOnce(
  parts: DriveParts,
  row: RunRow,
  cancel: AbortSignal,
  release: AbortSignal,
): Promise<End> {
  const { database, specs, concurrency } = parts;
  const { run_id: runId } = row;
  const bench = await parts.benches.open(row.root);
  const { runs } = bench.ports;
  const driver = await runs.driverOf(runId);
  if (driver !== undefined) return leave(release);
  const begun = await eventsOf(runs.log(runId));
  if (begun.length > 0 && row.state !== 'PENDING') {
    const state = foldRun(begun);
    // The server before this one died after it had written the end: what is missing is only known here.
    if (state.status !== 'running') {
      for (const task of state.tasks)
        if (task.outputs !== undefined)
          await keepOutputs(
            database,
            row,
            task.name,
            task.outputs,
            Date.parse(task.endedAt ?? state.startedAt),
          );
      return endOf(state);
    }
  }
  const stop = new AbortController();
  // A run that has not begun cannot be cancelled: it would begin all the same, or go on.
  const begunOrResumed = (): void => {
    if (cancel.aborted) stop.abort();
    else cancel.addEventListener('abort', () => stop.abort(), { once: true });
  };
  const { observer, written } = observe(parts, row, begunOrResumed);
  const ports = { ...bench.ports, observer };
  const options = { signal: stop.signal, release, concurrency };
  let state: RunState;
  if (begun.length > 0) {
    const heedCancel = row.state === 'RUNNING' && !cancel.aborted;
    state = await resumeRun(runId, ports, { ...options, heedCancel });
  } else {
    const compiled = await specs.read(row.spec_digest);
    const given = JSON.parse(row.parameters) as Readonly<Record<string, JsonValue>>;
    const request = {
      compiled,
      parameters: checkParameters(compiled.spec, given),
      runId,
      caching: 'on',
      concurrency,
      displayName: row.display_name,
    } as const;
    state = await startRun(request, ports, options);
  }
  await written();
  if (state.status === 'running') return { kind: 'released' };
  await swept(parts, bench, state);
  return endOf(state);
}

/** Removes what a run left on its platform; what stays for now, its platform removes in time. */
async function swept({ log }: DriveParts, bench: Bench, { runId, status }: RunState): Promise<void> {
  await bench
    .sweep(runId, status)
    .catch((error: unknown) => log({ kind: 'run-trouble', run: runId, message: messageOf(error) }));
}

function endOf({ status, failure }: RunState): End {
  switch (status) {
    case 'running':
      return { kind: 'released' };
    case 'succeeded':
      return { kind: 'ended', to: 'SUCCEEDED' };
    case 'cancelled':
      return { kind: 'ended', to: 'CANCELED' };
    case 'failed':
      return {
        kind: 'ended',
        to: 'FAILED',
        message: failure === undefined ? 'the run failed' : `${failure.code} ${failure.problem}`,
      };
  }
}

/** Writes down what a run does while it does it, in order. */
function observe(
  { database, metrics, log }: DriveParts,
  row: RunRow,
  onBegin: () => void,
): { readonly observer: Bench['ports']['observer']; readonly written: () => Promise<void> } {
  let writing: Promise<unknown> = Promise.resolve();
  const write = (work: () => Promise<unknown>): void => {
    // What is missed here is found in the run's log when it is looked at.
    writing = writing
      .then(work)
      .catch((error: unknown) => log({ kind: 'fault', run: row.run_id, message: messageOf(error) }));
  };
  const event = (happened: RunEvent): void => {
    if (happened.kind === 'run-started' || happened.kind === 'run-resumed') {
      write(() => changeState(database, row.run_id, { from: ['PENDING'], to: 'RUNNING' }));
      onBegin();
    }
    if (happened.kind === 'task-succeeded' || happened.kind === 'task-cached')
      write(() => keepOutputs(database, row, happened.task, happened.outputs, Date.parse(happened.at)));
    if (happened.kind === 'task-succeeded') metrics.ran('task_succeeded');
    if (happened.kind === 'task-cached') metrics.ran('task_cached');
    if (happened.kind === 'task-failed') metrics.ran('task_failed');
  };
  return {
    observer: { event, log: () => undefined },
    written: async () => void (await writing),
  };
}

function wordsOf(error: unknown): string {
  if (error instanceof UserErrors)
    return error.errors.map(({ code, problem }) => `${code} ${problem}`).join('; ');
  if (error instanceof UserError || error instanceof InfrastructureError)
    return formatError(error).split('\n')[0] ?? '';
  return messageOf(error);
}
