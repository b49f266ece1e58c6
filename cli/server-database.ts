/** What goes wrong with a server's database, whichever it is. */
import { InfrastructureError, messageOf } from '../errors/index.ts';

/** Says that a database cannot be opened. */
export function cannotOpen(place: string, error: unknown): InfrastructureError {
  return new InfrastructureError('FER9004', {
    problem: `the database ${place} cannot be opened: ${messageOf(error)}`,
    fix: 'name another with --database: a file, or postgres://user:password@host/name',
    retryable: false,
    cause: error,
  });
}

/** Says that a database that was opened does not do its work now. */
export function databaseTrouble(error: unknown): InfrastructureError {
  return new InfrastructureError('FER9006', {
    problem: `the database of the server fails: ${messageOf(error)}`,
    fix: 'try again; if it stays so, see to the database, its disk and the way to it',
    retryable: true,
    cause: error,
  });
}
