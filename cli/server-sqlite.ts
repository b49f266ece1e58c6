/** The server's tables in a SQLite file. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { ServerDatabase } from '../server/index.ts';
import { cannotOpen, databaseTrouble } from './server-database.ts';

/** @throws InfrastructureError FER9004 where it does not open */
export async function openSqlite(file: string): Promise<ServerDatabase> {
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
      settle: together(async () => {
        try {
          await log.datasync();
        } catch (error) {
          throw databaseTrouble(error);
        }
      }),
      close: () => log.close(),
    };
  } catch (error) {
    throw cannotOpen(file, error);
  }
}

/**
 * How a transaction begins: all of the server's write. One that read before it waits for another process to have written would
 * have read what is old by then; SQLite refuses its write, and libsql cannot be rid of a statement that was refused so.
 */
const immediately = 'begin immediate';

/** How many statements are kept. */
const statements = 300;

/** Prepares each statement once: that takes longer than most of them do. */
function preparedOnce(database: SqliteDatabase): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = telling(asked(() => database.prepare(sql === 'begin' ? immediately : sql)));
      if (prepared.size >= statements) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function telling(statement: SqliteStatement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => asked(() => statement.all(parameters)),
    run: (parameters) => asked(() => statement.run(parameters)),
    iterate: (parameters) => statement.iterate(parameters),
  };
}

/** A disk that is full or fails, and a file that another process holds for long. */
const troubles = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;

/** Tells by a code of ours where it is the database that fails, not what it was asked. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw troubles.test(code) ? databaseTrouble(error) : error;
  }
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
