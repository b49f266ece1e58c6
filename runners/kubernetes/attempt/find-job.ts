/** The Job of an attempt, asked for by itself. */
import { ApiError } from '../api/api-error.ts';
import type { Connection } from '../api/connection.ts';
import { jobSchema, type Job } from '../api/observed.ts';

/**
 * Reads a Job as it is now; undefined where there is none.
 * @throws ApiError
 */
export async function findJob(connection: Connection, name: string): Promise<Job | undefined> {
  try {
    const answer = await connection.call({
      what: 'get jobs',
      path: `/apis/batch/v1/namespaces/${connection.namespace}/jobs/${name}`,
    });
    return jobSchema.parse(answer);
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) return undefined;
    throw thrown;
  }
}
