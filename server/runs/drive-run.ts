/** Drives one run to its end, or until the server lets go of it. */
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
import { changeState, hadEnd } from './states.ts';

export interface DriveParts {
  readonly database: Kysely<Tables>;
  readonly benches: Benches;
  readonly specs: Specs;
  readonly metrics: Metrics;
  readonly concurrency: number;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
}

/** How often a run is tried again that its store or its platform failed. */
const tries = 6;
/** Milliseconds until a database that failed is asked again. */
export const pause = 1000;

export type End =
  | { readonly kind: 'ended'; readonly to: 'SUCCEEDED' | 'FAILED' | 'CANCELED'; readonly message?: string }
  | { readonly kind: 'released' }
  /** Another process drives it: that one may die, so that it is looked at again. */
  | { readonly kind: 'elsewhere' };

/** Drives a run, again where its store or its platform fails, until it ends or is let go of. */
export async function driveRun(
  parts: DriveParts,
  row: RunRow,
  cancel: AbortSignal,
  release: AbortSignal,
): Promise<End> {
  let claimed = row.state !== 'PENDING';
  // Somebody else may have begun it meanwhile, or cancelled it.
  const claim = async (): Promise<boolean> => {
    claimed ||= await changeState(parts.database, row.run_id, { from: ['PENDING'], to: 'RUNNING' });
    return claimed;
  };
  for (let count = 1; ; count++)
    try {
      return await driveOnce(parts, row, claim, cancel, release);
    } catch (error) {
      if (release.aborted) return { kind: 'released' };
      if (isTaken(error)) return { kind: 'elsewhere' };
      // Without its database the server cannot tell how the run stands.
      if (error instanceof FerruleError && error.code === 'FER9006') throw error;
      const passing = isPassing(error);
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

function isPassing(error: unknown): boolean {
  return error instanceof InfrastructureError && error.retryable;
}

/** Whether another process began the run, or took it over: a second server, or `ferrule resume`. */
function isTaken(error: unknown): boolean {
  return error instanceof FerruleError && (error.code === 'FER4004' || error.code === 'FER4005');
}

async function driveOnce(
  parts: DriveParts,
  row: RunRow,
  claim: () => Promise<boolean>,
  cancel: AbortSignal,
  release: AbortSignal,
): Promise<End> {
  const { database, specs, concurrency } = parts;
  const { run_id: runId } = row;
  const bench = await parts.benches.open(row.root);
  const { runs } = bench.ports;
  const driver = await runs.driverOf(runId);
  if (driver !== undefined) return { kind: 'elsewhere' };
  const begun = await eventsOf(runs.log(runId));
  // One that ended and is pending again is to go on.
  const retried = row.state === 'PENDING' && hadEnd(row);
  if (begun.length > 0 && !retried) {
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
  if (begun.length === 0 && row.state === 'CANCELING') return { kind: 'ended', to: 'CANCELED' };
  if (!(await claim())) return { kind: 'released' };
  const stop = new AbortController();
  // A run that has not begun cannot be cancelled: it would begin all the same, or go on.
  const begunOrResumed = (): void => {
    if (cancel.aborted) stop.abort();
    else cancel.addEventListener('abort', () => stop.abort(), { once: true });
  };
  const { observer, written } = observe(parts, row, release, begunOrResumed);
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

function endOf({ status, failure, tasks }: RunState): End {
  switch (status) {
    case 'running':
      return { kind: 'released' };
    case 'succeeded':
      return { kind: 'ended', to: 'SUCCEEDED' };
    case 'cancelled':
      return { kind: 'ended', to: 'CANCELED' };
    case 'failed': {
      if (failure === undefined) return { kind: 'ended', to: 'FAILED', message: 'the run failed' };
      // The innermost: what is around a task that failed fails with it.
      const task = tasks.findLast((one) => one.failure?.problem === failure.problem);
      const where = task === undefined ? '' : `the task "${task.name}" failed: `;
      return { kind: 'ended', to: 'FAILED', message: `${where}${failure.code} ${failure.problem}` };
    }
  }
}

/** Writes down what a run does while it does it, in order. */
function observe(
  { database, metrics, log }: DriveParts,
  row: RunRow,
  release: AbortSignal,
  onBegin: () => void,
): { readonly observer: Bench['ports']['observer']; readonly written: () => Promise<void> } {
  let writing: Promise<unknown> = Promise.resolve();
  const write = (work: () => Promise<unknown>): void => {
    writing = writing.then(async () => {
      // What is not written when the server ends is found in the run's log by the next one.
      while (!release.aborted)
        try {
          await work();
          return;
        } catch (error) {
          log({ kind: 'fault', run: row.run_id, message: messageOf(error) });
          if (!isPassing(error)) return;
          await wait(pause, undefined, { signal: release }).catch(() => undefined);
        }
    });
  };
  const keep = (happened: RunEvent): void => {
    if (happened.kind === 'task-succeeded' || happened.kind === 'task-cached')
      write(() => keepOutputs(database, row, happened.task, happened.outputs, Date.parse(happened.at)));
  };
  const event = (happened: RunEvent): void => {
    if (happened.kind === 'run-started' || happened.kind === 'run-resumed') onBegin();
    keep(happened);
    if (happened.kind === 'task-succeeded') metrics.ran('task_succeeded');
    if (happened.kind === 'task-cached') metrics.ran('task_cached');
    if (happened.kind === 'task-failed') metrics.ran('task_failed');
  };
  return {
    observer: { event, log: () => undefined, history: keep },
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
