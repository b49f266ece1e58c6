/** How the state of a run changes: in one place, so that two who change it at once do not undo each other. */
import type { Kysely } from 'kysely';
import type { RuntimeState, RuntimeStatus } from '../messages/run.ts';
import type { RunRow, Tables } from '../store/tables.ts';

/** The states of a run that has its end. */
const ended: readonly RuntimeState[] = ['SUCCEEDED', 'FAILED', 'CANCELED'];

/** Those of a run that is to be driven. */
export const open: readonly RuntimeState[] = ['RUNNING', 'CANCELING', 'PENDING'];

/** gRPC's code for what failed by itself. */
const unknown = 2;

export interface Change {
  readonly from: readonly RuntimeState[];
  readonly to: RuntimeState;
  /** Why it failed. */
  readonly message?: string;
}

/**
 * Changes the state of a run.
 * @returns whether it was in one of the states to change from
 */
export async function changeState(
  database: Kysely<Tables>,
  runId: string,
  { from, to, message }: Change,
): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('runs')
      .select(['state', 'state_history'])
      .where('run_id', '=', runId)
      .executeTakeFirst();
    if (row === undefined || !from.some((state) => state === row.state)) return false;
    const error = message === undefined ? undefined : { code: unknown, message };
    const before = JSON.parse(row.state_history) as readonly RuntimeStatus[];
    const now = Date.now();
    const result = await transaction
      .updateTable('runs')
      .set({
        state: to,
        state_history: JSON.stringify([...before, statusOf(to, now, error)]),
        error: error === undefined ? null : JSON.stringify(error),
        finished_at: ended.includes(to) ? now : 0,
      })
      .where('run_id', '=', runId)
      .where('state', '=', row.state)
      .executeTakeFirst();
    return Number(result.numUpdatedRows) > 0;
  });
}

export function statusOf(
  state: RuntimeState,
  at: number,
  error?: { readonly code: number; readonly message: string },
): RuntimeStatus {
  return { update_time: new Date(at).toISOString(), state, ...(error !== undefined && { error }) };
}

/** Whether a run has its end. */
export function hasEnded({ state }: Pick<RunRow, 'state'>): boolean {
  return ended.some((one) => one === state);
}

/** Whether a run had an end before: one that is not over now was retried. */
export function hadEnd({ state_history: history }: Pick<RunRow, 'state_history'>): boolean {
  return (JSON.parse(history) as readonly RuntimeStatus[]).some(({ state }) => ended.includes(state));
}
