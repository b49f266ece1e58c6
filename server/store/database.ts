import { Kysely, Migrator, type Migration } from 'kysely';
import { UserError } from '../../errors/index.ts';
import type { ServerDatabase } from '../parts.ts';
import { createTables, type Tables } from './tables.ts';

/**
 * What made the tables what they are, in order. One that was published stays as it is: a change of the tables is one more, which
 * is named after those before it.
 */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-tables': { up: createTables },
};

/** Where the names of those that were applied are kept. */
const versions = 'schema_versions';

/**
 * Opens the server's tables, made or changed to what this Ferrule works with.
 * @throws UserError FER9005 where a newer Ferrule has changed them
 */
export async function openTables({ dialect }: ServerDatabase): Promise<Kysely<Tables>> {
  const database = new Kysely<Tables>({ dialect });
  try {
    await refuseNewer(database);
    await migrate(database);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

async function refuseNewer(database: Kysely<Tables>): Promise<void> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === versions)) return;
  const applied = await (database as unknown as Kysely<Record<typeof versions, { readonly name: string }>>)
    .selectFrom(versions)
    .select('name')
    .orderBy('name')
    .execute();
  const unknown = applied.filter(({ name }) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0)
    throw new UserError('FER9005', {
      problem: `a newer Ferrule has changed the tables of this database (${unknown.map(({ name }) => name).join(', ')}), and this one does not know them`,
      fix: 'start the newer Ferrule, or bring back a copy of the database and of the pipeline root from before',
    });
}

async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: versions,
    migrationLockTableName: `${versions}_lock`,
  });
  const first = await migrator.migrateToLatest();
  if (first.error === undefined) return;
  // Of two servers that start at once over one file, one finds done what it was about to do.
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
