import { sql, type Kysely } from 'kysely';

/** Version of the tables; a file of another version is built anew. */
export const tablesVersion = 1;

export interface Tables {
  readonly runs: RunsTable;
  readonly tasks: TasksTable;
}

/** One row a run. */
interface RunsTable {
  readonly run_id: string;
  readonly pipeline: string;
  readonly display_name: string | null;
  readonly status: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly ended_at: string | null;
  /** Milliseconds since 1970. */
  readonly created_at: number;
  readonly caching: string;
  /** JSON. */
  readonly labels: string;
  /** JSON. */
  readonly parameters: string;
  /** JSON: the failure, where there is one. */
  readonly failure: string | null;
}

/** One row a task of a run. */
interface TasksTable {
  readonly run_id: string;
  readonly path: string;
  readonly kind: string;
  readonly component: string;
  readonly status: string;
  readonly cache: string | null;
  readonly attempts: number;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** Makes the tables, in a file that has none. */
export async function createTables(database: Kysely<Tables>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, display_name TEXT, status TEXT NOT NULL,
    started_at TEXT NOT NULL, ended_at TEXT, created_at INTEGER NOT NULL, caching TEXT NOT NULL,
    labels TEXT NOT NULL, parameters TEXT NOT NULL, failure TEXT) STRICT`.execute(database);
  await sql`CREATE TABLE IF NOT EXISTS tasks (
    run_id TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, component TEXT NOT NULL, status TEXT NOT NULL,
    cache TEXT, attempts INTEGER NOT NULL, started_at TEXT, ended_at TEXT,
    PRIMARY KEY (run_id, path)) STRICT`.execute(database);
  await sql`CREATE INDEX IF NOT EXISTS runs_by_time ON runs (created_at DESC)`.execute(database);
  await sql`PRAGMA user_version = ${sql.lit(tablesVersion)}`.execute(database);
}

/** Removes the tables. */
export async function dropTables(database: Kysely<Tables>): Promise<void> {
  await sql`DROP TABLE IF EXISTS tasks`.execute(database);
  await sql`DROP TABLE IF EXISTS runs`.execute(database);
}
