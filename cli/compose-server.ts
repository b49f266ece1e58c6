/** Puts a server together: its database, and a workbench for each pipeline root it works with. */
import { join, resolve } from 'node:path';
import { UserError } from '../errors/index.ts';
import type { Bench, ServerDatabase, ServerParts } from '../server/index.ts';
import { concurrencyOf, openWorkbench } from './compose.ts';
import { chooseRunner, type RunnerFlags } from './runner-choice.ts';
import { openPostgres } from './server-postgres.ts';
import { openSqlite } from './server-sqlite.ts';
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
