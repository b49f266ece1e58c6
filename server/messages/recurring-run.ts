import { z } from '@hono/zod-openapi';
import { int64, runtimeConfig, spec, status, timestamp, versionReference } from './common.ts';

const trigger = z
  .object({
    cron_schedule: z
      .object({ start_time: timestamp.optional(), end_time: timestamp.optional(), cron: z.string() })
      .openapi('v2beta1CronSchedule')
      .optional(),
    periodic_schedule: z
      .object({ start_time: timestamp.optional(), end_time: timestamp.optional(), interval_second: int64 })
      .openapi('v2beta1PeriodicSchedule')
      .optional(),
  })
  .openapi('v2beta1Trigger');

export type TriggerMessage = z.infer<typeof trigger>;

export const recurringRun = z
  .object({
    recurring_run_id: z.string().optional(),
    display_name: z.string().optional(),
    description: z.string().optional(),
    pipeline_version_id: z.string().optional(),
    pipeline_spec: spec.optional(),
    pipeline_version_reference: versionReference.optional(),
    runtime_config: runtimeConfig.optional(),
    service_account: z.string().optional(),
    max_concurrency: int64.optional(),
    trigger: trigger.optional(),
    mode: z.enum(['MODE_UNSPECIFIED', 'ENABLE', 'DISABLE']).optional(),
    created_at: timestamp.optional(),
    updated_at: timestamp.optional(),
    status: z.enum(['STATUS_UNSPECIFIED', 'ENABLED', 'DISABLED']).optional(),
    error: status.optional(),
    no_catchup: z.boolean().optional(),
    namespace: z.string().optional(),
    experiment_id: z.string().optional(),
  })
  .openapi('v2beta1RecurringRun');

export const recurringRunList = z
  .object({
    recurringRuns: z.array(recurringRun).optional(),
    total_size: z.number().int(),
    next_page_token: z.string().optional(),
  })
  .openapi('v2beta1ListRecurringRunsResponse');
