/** A table of runs for queries, made from the runs' logs: lost, it is built anew; wrong, it is nobody's truth. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { eventsOf, foldRun, type RunListing, type RunState, type RunStore } from '../../engine/ports.ts';
import { storeError } from '../failure.ts';
import { mapBounded } from '../locations/bounded.ts';
import { createTables, dropTables, tablesVersion, type Tables } from './tables.ts';

/** How many logs are read at a time. */
const readAtOnce = 16;

interface RunFilter {
  readonly status?: RunState['status'];
  readonly pipeline?: string;
  /** Only runs with all of these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default 50 */
  readonly limit?: number;
}

/** A run in a list. */
export interface RunSummary {
  readonly runId: string;
  readonly pipeline: string;
  readonly displayName?: string;
  readonly status: RunState['status'];
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tasks: number;
  readonly cached: number;
  readonly failed: number;
}

export interface Projection {
  /** Reads the logs of runs that are new or had no end yet, and forgets those that are gone. */
  sync(): Promise<void>;
  /** Forgets everything and reads all logs. */
  rebuild(): Promise<void>;
  /** Lists runs, newest first, as of the last `sync`. */
  listRuns(filter?: RunFilter): Promise<readonly RunSummary[]>;
  close(): Promise<void>;
}

/**
 * Opens the table of runs. A file that cannot be used is replaced; where that fails too, the table is kept in
 * memory for as long as this process lives.
 * @param file such as `<root>/runs.sqlite`
 */
export async function openProjection(root: { readonly runs: RunStore }, file: string): Promise<Projection> {
  const database = await openDatabase(file);
  const sync = async (): Promise<void> => {
    const listed = await root.runs.list();
    const known = await database.selectFrom('runs').select(['run_id', 'status']).execute();
    const ended = new Set(known.filter(({ status }) => status !== 'running').map((row) => row.run_id));
    const there = new Set(listed.map(({ runId }) => runId));
    for (const { run_id: runId } of known) if (!there.has(runId)) await forget(database, runId);
    const open = listed.filter(({ runId }) => !ended.has(runId));
    for (let at = 0; at < open.length; at += readAtOnce) {
      const some = open.slice(at, at + readAtOnce);
      const states = await mapBounded(some, readAtOnce, ({ runId }) => readState(root.runs, runId));
      for (const [index, run] of some.entries()) {
        const state = states[index];
        if (state !== undefined) await take(database, run, state);
      }
    }
  };
  return {
    sync,
    async rebuild() {
      await dropTables(database);
      await createTables(database);
      await sync();
    },
    listRuns: (filter = {}) => listRuns(database, filter),
    close: () => database.destroy(),
  };
}

async function openDatabase(file: string): Promise<Kysely<Tables>> {
  // Machine code, which only a list of runs needs: a driver in a cluster does without.
  const { openLibsql } = await import('./libsql-database.ts');
  for (const place of [file, file, ':memory:']) {
    try {
      if (place !== ':memory:') await mkdir(dirname(place), { recursive: true });
      const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openLibsql(place) }) });
      const version = await sql<{ user_version: number }>`PRAGMA user_version`.execute(database);
      const found = version.rows[0]?.user_version ?? 0;
      if (found !== 0 && found !== tablesVersion) await dropTables(database);
      await createTables(database);
      return database;
    } catch (error) {
      if (place === ':memory:') throw storeError(error, 'opening a table of runs in memory');
      for (const end of ['', '-wal', '-shm'])
        await rm(`${place}${end}`, { force: true }).catch(() => undefined);
    }
  }
  throw storeError(new Error('no table could be made'), 'opening the table of runs');
}

async function readState(runs: RunStore, runId: string): Promise<RunState | undefined> {
  try {
    const events = await eventsOf(runs.log(runId));
    return events.length === 0 ? undefined : foldRun(events);
  } catch {
    // A log that does not read is shown by the commands that need it; a list of runs goes on without it.
    return undefined;
  }
}

async function take(database: Kysely<Tables>, run: RunListing, state: RunState): Promise<void> {
  const tasks = state.tasks.map((task) => ({
    run_id: run.runId,
    path: task.name,
    kind: task.kind,
    component: task.component,
    status: task.status,
    cache: task.cache ?? null,
    attempts: task.attempts,
    started_at: task.startedAt ?? null,
    ended_at: task.endedAt ?? null,
  }));
  await database.transaction().execute(async (transaction) => {
    await forget(transaction, run.runId);
    await transaction
      .insertInto('runs')
      .values({
        run_id: run.runId,
        pipeline: state.pipeline,
        display_name: state.displayName ?? null,
        status: state.status,
        started_at: state.startedAt,
        ended_at: state.endedAt ?? null,
        created_at: Math.round(run.createdAt),
        caching: state.caching,
        labels: JSON.stringify(state.labels),
        parameters: JSON.stringify(state.parameters),
        failure: state.failure === undefined ? null : JSON.stringify(state.failure),
      })
      .execute();
    // SQLite takes a limited number of values a statement.
    for (let at = 0; at < tasks.length; at += 500)
      await transaction
        .insertInto('tasks')
        .values(tasks.slice(at, at + 500))
        .execute();
  });
}

async function forget(database: Kysely<Tables>, runId: string): Promise<void> {
  await database.deleteFrom('tasks').where('run_id', '=', runId).execute();
  await database.deleteFrom('runs').where('run_id', '=', runId).execute();
}

async function listRuns(database: Kysely<Tables>, filter: RunFilter): Promise<readonly RunSummary[]> {
  let query = database
    .selectFrom('runs')
    .leftJoin('tasks', 'tasks.run_id', 'runs.run_id')
    .select([
      'runs.run_id',
      'pipeline',
      'display_name',
      'runs.status',
      'runs.started_at',
      'runs.ended_at',
      'labels',
    ])
    // Groups and loops are what their tasks are.
    .select(sql<number>`count(CASE WHEN tasks.kind IN ('component', 'importer') THEN 1 END)`.as('tasks'))
    .select(sql<number>`count(CASE WHEN tasks.status = 'cached' THEN 1 END)`.as('cached'))
    .select(
      sql<number>`count(CASE WHEN tasks.status = 'failed' AND tasks.kind IN ('component', 'importer') THEN 1 END)`.as(
        'failed',
      ),
    )
    .groupBy('runs.run_id')
    .orderBy('runs.created_at', 'desc')
    .orderBy('runs.run_id', 'desc')
    .limit(filter.limit ?? 50);
  if (filter.status !== undefined) query = query.where('runs.status', '=', filter.status);
  if (filter.pipeline !== undefined) query = query.where('pipeline', '=', filter.pipeline);
  for (const [name, value] of Object.entries(filter.labels ?? {}))
    query = query.where(sql<boolean>`labels ->> ${name} = ${value}`);
  const rows = await query.execute();
  return rows.map((row) => ({
    runId: row.run_id,
    pipeline: row.pipeline,
    ...(row.display_name !== null && { displayName: row.display_name }),
    // Written by `take`, from a state.
    status: row.status as RunSummary['status'],
    startedAt: row.started_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    labels: JSON.parse(row.labels) as Record<string, string>,
    tasks: row.tasks,
    cached: row.cached,
    failed: row.failed,
  }));
}
