/** The server's tables in PostgreSQL. */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { ServerDatabase } from '../server/index.ts';
import { cannotOpen, databaseTrouble } from './server-database.ts';

/** Milliseconds that a connection, and an answer to one statement, may take: who asks is told that the database is away. */
const patience = { connecting: 5000, answering: 30_000 } as const;

/** @throws InfrastructureError FER9004 where it does not answer */
export async function openPostgres(url: string): Promise<ServerDatabase> {
  const [{ PostgresDialect }, pg] = await Promise.all([import('kysely'), import('pg')]);
  const types = pg.default.types;
  const int8: number = types.builtins.INT8;
  // Counts and times are whole numbers that a double holds.
  const parsers = {
    getTypeParser: (type: number, format?: 'text' | 'binary') =>
      type === int8 ? Number : types.getTypeParser(type, format),
  };
  const pool = new pg.default.Pool({
    connectionString: url,
    max: 10,
    types: parsers,
    keepAlive: true,
    connectionTimeoutMillis: patience.connecting,
    query_timeout: patience.answering,
    application_name: 'ferrule server',
  });
  // A connection that breaks while nobody uses it is made anew; one that breaks in use tells whoever uses it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw cannotOpen(url.replace(/\/\/[^@]*@/, '//'), error);
  }
  return {
    kind: 'postgres',
    dialect: new PostgresDialect({ pool: telling(pool) }),
    settle: async () => undefined,
    close: async () => undefined,
  };
}

/** Tells by a code of ours where it is the database that fails, not what it was asked. */
function telling(pool: Pool): PostgresPool {
  return {
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        // All that goes wrong before there is a connection is the database's own.
        throw databaseTrouble(error);
      });
      return tellingClient(client);
    },
  };
}

function tellingClient(client: PoolClient): PostgresPoolClient {
  let broken: Error | undefined;
  const query = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      if (!isTrouble(error)) throw error;
      broken = databaseTrouble(error);
      throw broken;
    }
  };
  return {
    // Cursors are not used: no cursor is given to the dialect.
    query: query as PostgresPoolClient['query'],
    // A connection that failed is not lent again.
    release: () => client.release(broken),
  };
}

/** Classes of SQLSTATE: connections, resources such as the disk, an operator who intervened, the system. */
const classes = new Set(['08', '53', '57', '58']);
/** A server that became a copy, which takes nothing; one that was told to give way to others. */
const states = new Set(['25006', '40001', '40P01']);

function isTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // What the client says itself has no code of SQL: a connection that ended, an answer that did not come.
  if (!/^[\dA-Z]{5}$/.test(code)) return true;
  return classes.has(code.slice(0, 2)) || states.has(code);
}
