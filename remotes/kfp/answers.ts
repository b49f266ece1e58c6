/** What KFP's API answers, read once. Source: kfp_server_api 2.17, whose names are those of the API. */
import { z } from 'zod';

const status = z.object({ code: z.number().optional(), message: z.string().optional() });
const tags = z.record(z.string(), z.string()).optional();
const text = z.string().optional();

export const pipelineAnswer = z.object({
  pipeline_id: z.string(),
  name: text,
  display_name: text,
  description: text,
  created_at: text,
  namespace: text,
  tags,
});
export type PipelineAnswer = z.infer<typeof pipelineAnswer>;

export const versionAnswer = z.object({
  pipeline_id: z.string(),
  pipeline_version_id: z.string(),
  name: text,
  display_name: text,
  description: text,
  created_at: text,
  pipeline_spec: z.record(z.string(), z.unknown()).optional(),
  tags,
});
export type VersionAnswer = z.infer<typeof versionAnswer>;

export const experimentAnswer = z.object({
  experiment_id: z.string(),
  display_name: text,
  description: text,
  created_at: text,
  namespace: text,
  storage_state: text,
});

const artifacts = z
  .record(z.string(), z.object({ artifact_ids: z.array(z.coerce.string()).optional() }))
  .optional();

const taskAnswer = z.object({
  task_id: text,
  display_name: text,
  start_time: text,
  end_time: text,
  state: text,
  error: status.optional(),
  outputs: artifacts,
  parent_task_id: text,
  pod_name: text,
  child_tasks: z.array(z.object({ task_id: text, pod_name: text })).optional(),
});
export type TaskAnswer = z.infer<typeof taskAnswer>;

export const runAnswer = z.object({
  run_id: z.string(),
  experiment_id: text,
  display_name: text,
  storage_state: text,
  created_at: text,
  scheduled_at: text,
  finished_at: text,
  state: text,
  error: status.optional(),
  run_details: z.object({ task_details: z.array(taskAnswer).optional() }).optional(),
});
export type RunAnswer = z.infer<typeof runAnswer>;

const times = { start_time: text, end_time: text };

export const recurringRunAnswer = z.object({
  recurring_run_id: z.string(),
  display_name: text,
  status: text,
  mode: text,
  created_at: text,
  error: status.optional(),
  max_concurrency: z.coerce.string().optional(),
  trigger: z
    .object({
      cron_schedule: z.object({ ...times, cron: text }).optional(),
      periodic_schedule: z.object({ ...times, interval_second: z.coerce.string().optional() }).optional(),
    })
    .optional(),
});
export type RecurringRunAnswer = z.infer<typeof recurringRunAnswer>;

export const artifactAnswer = z.object({ artifact_id: z.coerce.string(), name: text, uri: text, type: text });

export const healthAnswer = z.object({
  multi_user: z.boolean().optional(),
  pipeline_store: text,
  ferrule: z.object({ version: z.string(), runner: z.string() }).optional(),
});

const paged = { next_page_token: text, total_size: z.number().optional() };
export const pipelinesPage = z.object({ pipelines: z.array(pipelineAnswer).optional(), ...paged });
export const versionsPage = z.object({ pipeline_versions: z.array(versionAnswer).optional(), ...paged });
export const experimentsPage = z.object({ experiments: z.array(experimentAnswer).optional(), ...paged });
export const runsPage = z.object({ runs: z.array(runAnswer).optional(), ...paged });
export const recurringRunsPage = z.object({
  recurringRuns: z.array(recurringRunAnswer).optional(),
  ...paged,
});

/** Reads an answer by its shape. */
export function reading<S extends z.ZodType>(shape: S): (value: unknown) => z.infer<S> {
  return (value) => shape.parse(withoutNulls(value));
}

/** Some versions write what is not there as null. What a pipeline says stays as it is. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const there = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(
    there.map(([name, field]) => [name, name === 'pipeline_spec' ? field : withoutNulls(field)]),
  );
}

/** Goes through all pages of a listing. */
export async function allPages<P extends { readonly next_page_token?: string | undefined }, T>(
  page: (token: string | undefined) => Promise<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    items.push(...(itemsOf(answer) ?? []));
    token = answer.next_page_token === '' ? undefined : answer.next_page_token;
  } while (token !== undefined);
  return items;
}
