import { Kysely } from 'kysely';
import type { ServerDatabase } from '../parts.ts';
import { createTables, type Tables } from './tables.ts';

/** Opens the server's tables, making those that are not there. */
export async function openTables({ dialect }: ServerDatabase): Promise<Kysely<Tables>> {
  const database = new Kysely<Tables>({ dialect });
  await createTables(database);
  return database;
}
