/** Starts recurring runs when they are due. What was due is in the database with the run, so that a restart neither loses nor doubles one. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { messageOf } from '../../errors/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import { newestVersion } from '../api/pipeline-rows.ts';
import { addRun, runRow } from '../api/run-rows.ts';
import { runnable } from '../api/run-source.ts';
import type { Context } from '../context.ts';
import { refusalOf } from '../failure.ts';
import type { TriggerMessage } from '../messages/recurring-run.ts';
import { open } from '../runs/states.ts';
import type { RecurringRow, Tables } from '../store/tables.ts';
import { withMacros } from './macros.ts';
import { readTrigger, type Trigger } from './trigger.ts';

export interface Scheduler {
  /** Looks for what is due. Cheap: call it whenever something may have changed. */
  wake(): void;
  stop(): void;
}

export interface SchedulerParts extends Pick<Context, 'benches' | 'specs' | 'drives'> {
  readonly database: Kysely<Tables>;
  readonly timeZone: string;
  settle(): Promise<void>;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
}

/** Milliseconds until a database that failed is asked again. */
const afterFault = 1000;
/** Milliseconds between two looks at the most: clocks are set, and computers sleep. */
const longestWait = 30_000;

export function startScheduler(parts: SchedulerParts): Scheduler {
  let timer: NodeJS.Timeout | undefined;
  const stop = new AbortController();
  let looking = false;
  let again = false;
  const wake = (): void => {
    again = true;
    if (looking || stop.signal.aborted) return;
    looking = true;
    clearTimeout(timer);
    void (async () => {
      let next = Infinity;
      while (again && !stop.signal.aborted) {
        again = false;
        next = await startDue(parts).catch((error: unknown) => {
          parts.log({ kind: 'fault', message: messageOf(error) });
          return Date.now() + afterFault;
        });
      }
      looking = false;
      if (stop.signal.aborted) return;
      timer = setTimeout(wake, Math.max(5, Math.min(longestWait, next - Date.now())));
      timer.unref();
    })();
  };
  return {
    wake,
    stop() {
      stop.abort();
      clearTimeout(timer);
    },
  };
}

/** Starts all that is due; tells when the next is. */
async function startDue(parts: SchedulerParts): Promise<number> {
  const { database, log } = parts;
  const rows = await database
    .selectFrom('recurring_runs')
    .selectAll()
    .where('status', '=', 'ENABLED')
    .execute();
  let next = Infinity;
  for (const row of rows)
    try {
      next = Math.min(next, await startDueOf(parts, row));
    } catch (error) {
      log({ kind: 'fault', recurring: row.recurring_run_id, message: messageOf(error) });
    }
  return next;
}

async function startDueOf(parts: SchedulerParts, found: RecurringRow): Promise<number> {
  let row = found;
  const trigger = readTrigger(JSON.parse(row.trigger) as TriggerMessage, row.created_at, parts.timeZone);
  for (;;) {
    const { due_after: after } = row;
    const due = dueOf(trigger, row, after);
    if (due === undefined) return trigger.next(Math.max(after, Date.now())) ?? Infinity;
    if (due > Date.now()) return due;
    // What waits for another run of it to end is woken by that end.
    if ((await underWay(parts.database, row)) >= row.max_concurrency) return Infinity;
    const moved = await startOne(parts, row, due);
    if (moved === undefined) return Infinity;
    row = moved;
  }
}

function dueOf(trigger: Trigger, { no_catchup: noCatchup }: RecurringRow, after: number): number | undefined {
  if (noCatchup === 0) return trigger.next(after);
  return trigger.latest(after, Date.now()) ?? trigger.next(Math.max(after, Date.now()));
}

async function underWay(database: Kysely<Tables>, { recurring_run_id: id }: RecurringRow): Promise<number> {
  const { count } = await database
    .selectFrom('runs')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('recurring_run_id', '=', id)
    .where('state', 'in', [...open])
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Makes the run of one time. A pipeline that cannot run any more leaves its reason with the recurring run, and that time is
 * passed over.
 * @returns the recurring run after it; undefined where another scheduler did, or it was changed meanwhile
 */
async function startOne(
  parts: SchedulerParts,
  row: RecurringRow,
  due: number,
): Promise<RecurringRow | undefined> {
  const { database, drives, specs, log } = parts;
  const { recurring_run_id: id } = row;
  let made: ReturnType<typeof runRow> | undefined;
  let trouble: string | undefined;
  try {
    const version = await versionOf(parts, row);
    const runId = randomUUID();
    const given = JSON.parse(row.parameters) as Record<string, JsonValue>;
    const parameters = withMacros(given, { runId, due, now: Date.now(), index: row.last_index + 1 });
    const spec = { digest: version.digest, compiled: await specs.read(version.digest) };
    const config = { parameters, pipeline_root: row.pipeline_root };
    const { root } = await runnable(parts, spec, row.namespace, config);
    made = runRow({
      runId,
      namespace: row.namespace,
      experimentId: row.experiment_id,
      displayName: `${row.display_name} ${new Date(due).toISOString()}`,
      description: '',
      specDigest: version.digest,
      pipelineId: row.pipeline_id,
      versionId: version.id,
      parameters,
      pipelineRoot: row.pipeline_root,
      root,
      serviceAccount: row.service_account,
      scheduledAt: due,
      recurringRunId: id,
      startedBy: row.started_by,
    });
  } catch (error) {
    const refused = refusalOf(error);
    // A store that does not answer now is asked again.
    if (refused === undefined || refused.kind === 'unavailable') throw error;
    trouble = refused.message;
  }
  const changed = {
    due_after: due,
    last_index: row.last_index + (made === undefined ? 0 : 1),
    error: trouble === undefined ? null : JSON.stringify({ code: 9, message: trouble }),
  };
  const started = await database.transaction().execute(async (transaction) => {
    const moved = await transaction
      .updateTable('recurring_runs')
      .set(changed)
      .where('recurring_run_id', '=', id)
      .where('due_after', '=', row.due_after)
      .where('status', '=', 'ENABLED')
      .executeTakeFirst();
    if (Number(moved.numUpdatedRows) === 0) return false;
    if (made !== undefined) await addRun(transaction, made);
    return true;
  });
  if (!started) return undefined;
  await parts.settle();
  log({
    kind: trouble === undefined ? 'recurring-run-due' : 'recurring-run-refused',
    recurring: id,
    due: new Date(due).toISOString(),
    ...(made !== undefined && { run: made.run_id }),
    ...(trouble !== undefined && { message: trouble }),
  });
  drives.wake();
  return { ...row, ...changed };
}

async function versionOf(
  { database }: SchedulerParts,
  row: RecurringRow,
): Promise<{ readonly id: string; readonly digest: string }> {
  if (row.spec_digest !== '') return { id: row.pipeline_version_id, digest: row.spec_digest };
  const version = await newestVersion({ database }, row.pipeline_id);
  return { id: version.pipeline_version_id, digest: version.spec_digest };
}
