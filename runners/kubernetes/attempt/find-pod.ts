/** The pod of a Job, asked for by itself. */
import * as z from 'zod';
import type { Connection } from '../api/connection.ts';
import { podSchema, type Pod } from '../api/observed.ts';

const listSchema = z.object({ items: z.array(podSchema) });

/**
 * Finds the pod of a Job; undefined where it has none.
 * @throws ApiError
 */
export async function findPod(connection: Connection, jobName: string): Promise<Pod | undefined> {
  const answer = await connection.call({
    what: 'list pods',
    path: `/api/v1/namespaces/${connection.namespace}/pods`,
    query: { labelSelector: `job-name=${jobName}` },
  });
  return listSchema.parse(answer).items.at(-1);
}
