/** Runs as the tables have them, and as messages. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { JsonValue } from '../../spec/index.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { mayUse, type Principal } from '../http/access.ts';
import { timeText } from '../messages/common.ts';
import { runStates, type RunMessage, type RuntimeStatus } from '../messages/run.ts';
import { statusOf } from '../runs/states.ts';
import { specMessage } from '../store/specs.ts';
import type { RunRow, Tables } from '../store/tables.ts';

/** What a new run is. */
export interface NewRun {
  /** @default a new one */
  readonly runId?: string;
  readonly namespace: string;
  readonly experimentId: string;
  readonly displayName: string;
  readonly description: string;
  readonly specDigest: string;
  readonly pipelineId: string;
  readonly versionId: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pipelineRoot: string;
  readonly root: string;
  readonly serviceAccount: string;
  /** Milliseconds since 1970. @default now */
  readonly scheduledAt?: number;
  readonly recurringRunId?: string;
  readonly startedBy: string;
}

export function runRow(made: NewRun): RunRow {
  const now = Date.now();
  return {
    run_id: made.runId ?? randomUUID(),
    namespace: made.namespace,
    experiment_id: made.experimentId,
    display_name: made.displayName,
    description: made.description,
    storage_state: 'AVAILABLE',
    state: 'PENDING',
    state_history: JSON.stringify([statusOf('PENDING', now)]),
    error: null,
    spec_digest: made.specDigest,
    pipeline_id: made.pipelineId,
    pipeline_version_id: made.versionId,
    parameters: JSON.stringify(made.parameters),
    pipeline_root: made.pipelineRoot,
    root: made.root,
    service_account: made.serviceAccount,
    created_at: now,
    scheduled_at: made.scheduledAt ?? now,
    finished_at: 0,
    recurring_run_id: made.recurringRunId ?? '',
    started_by: made.startedBy,
  };
}

/** Adds a run, and tells its experiment. */
export async function addRun(database: Kysely<Tables>, row: RunRow): Promise<void> {
  await database.insertInto('runs').values(row).execute();
  await database
    .updateTable('experiments')
    .set({ last_run_created_at: row.created_at })
    .where('experiment_id', '=', row.experiment_id)
    .execute();
}

/**
 * Finds a run that somebody may see.
 * @throws Refusal where there is none; one of another namespace is none
 */
export async function findRun({ database }: Context, id: string, who: Principal): Promise<RunRow> {
  const row = await database.selectFrom('runs').selectAll().where('run_id', '=', id).executeTakeFirst();
  if (row === undefined || !mayUse(who, row.namespace))
    throw new Refusal('not-found', `there is no run ${id}`);
  return row;
}

/** Writes a run without its tasks. */
export async function runMessage({ specs }: Pick<Context, 'specs'>, row: RunRow): Promise<RunMessage> {
  const finished = timeText(row.finished_at);
  const state = runStates.find((one) => one === row.state) ?? 'RUNTIME_STATE_UNSPECIFIED';
  return {
    run_id: row.run_id,
    experiment_id: row.experiment_id,
    display_name: row.display_name,
    description: row.description,
    storage_state: row.storage_state === 'ARCHIVED' ? 'ARCHIVED' : 'AVAILABLE',
    state,
    state_history: JSON.parse(row.state_history) as RuntimeStatus[],
    ...(row.error !== null && { error: JSON.parse(row.error) as RuntimeStatus['error'] }),
    ...(row.pipeline_version_id === ''
      ? { pipeline_spec: specMessage(await specs.read(row.spec_digest)) }
      : {
          pipeline_version_id: row.pipeline_version_id,
          pipeline_version_reference: {
            pipeline_id: row.pipeline_id,
            pipeline_version_id: row.pipeline_version_id,
          },
        }),
    runtime_config: {
      parameters: JSON.parse(row.parameters) as Record<string, JsonValue>,
      ...(row.pipeline_root !== '' && { pipeline_root: row.pipeline_root }),
    },
    ...(row.service_account !== '' && { service_account: row.service_account }),
    created_at: timeText(row.created_at),
    scheduled_at: timeText(row.scheduled_at),
    ...(finished !== undefined && { finished_at: finished }),
    ...(row.recurring_run_id !== '' && { recurring_run_id: row.recurring_run_id }),
  };
}
