/** Lists of what lies in an experiment, in a namespace: runs and recurring runs. */
import { z } from '@hono/zod-openapi';
import type { Context } from '../context.ts';
import { namespaceOf, type Principal } from '../http/access.ts';
import { pageQuery } from '../messages/common.ts';
import { findExperiment } from './experiments.ts';

export const listQuery = z.object({
  ...pageQuery,
  namespace: z.string().optional(),
  experiment_id: z.string().optional(),
});

/**
 * Says which rows a list is of: those of the experiment that is named, else those of the namespace.
 * @throws Refusal where there is no such experiment, or somebody may not use the namespace
 */
export async function listedOf(
  context: Context,
  { namespace, experiment_id: experiment }: z.infer<typeof listQuery>,
  who: Principal,
): Promise<Readonly<Record<string, string>>> {
  if (experiment === undefined || experiment === '') return { namespace: namespaceOf(who, namespace) };
  return { experiment_id: (await findExperiment(context, experiment, who)).experiment_id };
}
