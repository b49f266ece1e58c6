/** Keeps the artifacts that tasks made, so that they can be found without their runs. */
import type { Kysely } from 'kysely';
import type { Outputs } from '../../engine/ports.ts';
import type { ArtifactRow, RunRow, Tables } from '../store/tables.ts';
import { artifactIdOf } from './names.ts';

/** Keeps what a task gave; what is kept already stays. */
export async function keepOutputs(
  database: Kysely<Tables>,
  { run_id: runId, namespace }: Pick<RunRow, 'run_id' | 'namespace'>,
  task: string,
  { artifacts }: Outputs,
  at: number,
): Promise<void> {
  const rows: ArtifactRow[] = Object.entries(artifacts).flatMap(([output, records]) =>
    records.map((record, position) => ({
      artifact_id: artifactIdOf(runId, task, output, position),
      namespace,
      run_id: runId,
      task,
      output,
      position,
      name: record.name,
      type: record.type.schemaTitle ?? '',
      uri: record.uri,
      created_at: at,
      record: JSON.stringify(record),
    })),
  );
  for (let from = 0; from < rows.length; from += 500)
    await database
      .insertInto('artifacts')
      .values(rows.slice(from, from + 500))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}
