/** Jobs that are no longer wanted. */
import * as z from 'zod';
import { ApiError } from '../api/api-error.ts';
import type { Connection } from '../api/connection.ts';
import { runSelector } from '../api/label-value.ts';
import { conditionOf, jobSchema } from '../api/observed.ts';

/**
 * Deletes a Job and its pods. In the foreground it stays, marked, until they are gone.
 * @returns false where there is none
 */
export async function deleteJob(
  connection: Connection,
  name: string,
  propagationPolicy: 'Foreground' | 'Background',
): Promise<boolean> {
  try {
    await connection.call({
      what: 'delete jobs',
      method: 'DELETE',
      path: `/apis/batch/v1/namespaces/${connection.namespace}/jobs/${name}`,
      query: { propagationPolicy },
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) return false;
    throw thrown;
  }
}

const listSchema = z.object({ items: z.array(jobSchema) });

/**
 * Deletes what still runs of a run that is over, such as the Job of an attempt that was given up because its node did
 * not answer. Finished Jobs go by themselves.
 * @param ended Jobs that are known to have ended, whatever their status says yet
 * @returns the names of the Jobs that were deleted
 */
export async function sweepRun(
  connection: Connection,
  runId: string,
  ended: ReadonlySet<string>,
): Promise<readonly string[]> {
  const answer = await connection.call({
    what: 'list jobs',
    path: `/apis/batch/v1/namespaces/${connection.namespace}/jobs`,
    query: { labelSelector: runSelector(runId) },
  });
  const open = listSchema
    .parse(answer)
    .items.filter(
      (job) =>
        !ended.has(job.metadata.name) &&
        job.metadata.deletionTimestamp === undefined &&
        conditionOf(job, 'Complete') === undefined &&
        conditionOf(job, 'Failed') === undefined,
    )
    .map(({ metadata }) => metadata.name);
  for (const name of open) await deleteJob(connection, name, 'Background');
  return open;
}
