import Database from 'libsql';
import type { SqliteDatabase } from 'kysely';
import { InternalError } from '../../errors/index.ts';

/**
 * Opens a SQLite file for Kysely. What libsql cannot bind ends the whole process, so that values are made into what
 * it can, or refused, before they reach it.
 * @param file a path, or `:memory:`
 */
export function openLibsql(file: string): SqliteDatabase {
  const database = new Database(file);
  database.pragma('busy_timeout = 5000');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  return {
    close: () => void database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      const bound = (parameters: readonly unknown[]): unknown[] => parameters.map(bindable);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(bound(parameters)),
        run: (parameters) => {
          const { changes, lastInsertRowid } = statement.run(bound(parameters));
          return { changes, lastInsertRowid };
        },
        iterate: (parameters) => statement.iterate(bound(parameters)),
      };
    },
  };
}

function bindable(value: unknown): string | number | bigint | null {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return null;
    default:
      if (value === null) return null;
      throw new InternalError('FER5010', {
        problem: `a ${typeof value} cannot be stored in the table of runs`,
      });
  }
}
