/** Puts a server together: its database, and a workbench for each pipeline root it works with. */
import { mkdir, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SqliteDatabase } from 'kysely';
import { InfrastructureError, messageOf, UserError } from '../errors/index.ts';
import type { Bench, ServerDatabase, ServerParts } from '../server/index.ts';
import { concurrencyOf, openWorkbench } from './compose.ts';
import { chooseRunner, type RunnerFlags } from './runner-choice.ts';
import type { Settings } from './settings.ts';

export interface ServerFlags extends RunnerFlags {
  readonly concurrency?: number;
  readonly database?: string;
}

export async function composeServer(settings: Settings, flags: ServerFlags): Promise<ServerParts> {
  const choice = await chooseRunner(flags, settings);
  const concurrency = concurrencyOf(choice, flags.concurrency);
  const silent = { event: () => undefined, log: () => undefined };
  return {
    concurrency,
    database: await openDatabase(flags.database ?? settings.env['FERRULE_DATABASE'], settings),
    writeLog: (line) => process.stderr.write(`${line}\n`),
    async openBench(root): Promise<Bench> {
      const bench = await openWorkbench({ ...settings, root }, silent, choice, concurrency);
      return {
        uri: bench.root.uri,
        ports: bench.ports,
        readLog: (attempt) => bench.root.readLog(attempt),
        followLog: (attempt) => bench.root.followLog(attempt),
        sweep: (runId, status) => bench.sweep(runId, status),
        close: () => bench.close(),
      };
    },
  };
}

async function openDatabase(place: string | undefined, settings: Settings): Promise<ServerDatabase> {
  if (place !== undefined && /^postgres(ql)?:\/\//.test(place)) return openPostgres(place);
  if (place?.includes('://') === true)
    throw new UserError('FER9004', {
      problem: `"${place}" is no database that the server knows`,
      fix: 'name a file, or postgres://user:password@host/name',
    });
  return openSqlite(place === undefined ? databaseBeside(settings) : resolve(place));
}

/** A root in a bucket has no place for a file that is written all the time. */
function databaseBeside({ root, projectRoot }: Settings): string {
  return root.includes('://') ? join(projectRoot, '.ferrule', 'server.sqlite') : join(root, 'server.sqlite');
}

async function openSqlite(file: string): Promise<ServerDatabase> {
  const [{ SqliteDialect }, { openLibsql }] = await Promise.all([
    import('kysely'),
    import('../stores/runs/libsql-database.ts'),
  ]);
  try {
    await mkdir(dirname(file), { recursive: true });
    const database = openLibsql(file);
    // The file of what was committed and not merged yet is there from the first write on.
    database.prepare('CREATE TABLE IF NOT EXISTS opened (at INTEGER)').run([]);
    const log = await open(`${file}-wal`, 'r+');
    return {
      kind: 'sqlite',
      dialect: new SqliteDialect({ database: preparedOnce(database) }),
      settle: together(() => log.datasync()),
      close: () => log.close(),
    };
  } catch (error) {
    throw databaseError(file, error);
  }
}

/** How many statements are kept. */
const statements = 300;

/** Prepares each statement once: that takes longer than most of them do. */
function preparedOnce(database: SqliteDatabase): SqliteDatabase {
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql);
      if (prepared.size >= statements) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

/**
 * Has those that ask while it is at work wait for one more time, together: what they wrote is in that one for sure. Commits do
 * not wait for the disk by themselves, which would stop all other requests.
 */
function together(work: () => Promise<void>): () => Promise<void> {
  let now: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    const going = work().finally(() => {
      if (now === going) now = undefined;
    });
    now = going;
    return going;
  };
  return () => {
    if (now === undefined) return run();
    next ??= now
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
}

async function openPostgres(url: string): Promise<ServerDatabase> {
  const [{ PostgresDialect }, pg] = await Promise.all([import('kysely'), import('pg')]);
  const { Pool, types } = pg.default;
  const int8: number = types.builtins.INT8;
  // Counts and times are whole numbers that a double holds.
  const parsers = {
    getTypeParser: (type: number, format?: 'text' | 'binary') =>
      type === int8 ? Number : types.getTypeParser(type, format),
  };
  const pool = new Pool({ connectionString: url, max: 10, types: parsers });
  // A connection that breaks while nobody uses it is made anew.
  pool.on('error', () => undefined);
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw databaseError(url.replace(/\/\/[^@]*@/, '//'), error);
  }
  return {
    kind: 'postgres',
    dialect: new PostgresDialect({ pool }),
    settle: async () => undefined,
    close: async () => undefined,
  };
}

function databaseError(place: string, error: unknown): InfrastructureError {
  return new InfrastructureError('FER9004', {
    problem: `the database ${place} cannot be opened: ${messageOf(error)}`,
    fix: 'name another with --database: a file, or postgres://user:password@host/name',
    retryable: false,
    cause: error,
  });
}
