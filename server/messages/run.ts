import { z } from '@hono/zod-openapi';
import { runtimeConfig, spec, status, timestamp, versionReference } from './common.ts';

export const runStates = [
  'RUNTIME_STATE_UNSPECIFIED',
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'SKIPPED',
  'FAILED',
  'CANCELING',
  'CANCELED',
  'PAUSED',
] as const;

export type RuntimeState = (typeof runStates)[number];

const runtimeState = z.enum(runStates).openapi('v2beta1RuntimeState');

const runtimeStatus = z
  .object({ update_time: timestamp, state: runtimeState, error: status.optional() })
  .openapi('v2beta1RuntimeStatus');

export type RuntimeStatus = z.infer<typeof runtimeStatus>;

const artifactList = z.object({ artifact_ids: z.array(z.string()) }).openapi('v2beta1ArtifactList');

const taskDetail = z
  .object({
    run_id: z.string(),
    task_id: z.string(),
    display_name: z.string(),
    create_time: timestamp.optional(),
    start_time: timestamp.optional(),
    end_time: timestamp.optional(),
    executor_detail: z
      .object({ main_job: z.string().optional(), failed_main_jobs: z.array(z.string()).optional() })
      .openapi('v2beta1PipelineTaskExecutorDetail')
      .optional(),
    state: runtimeState,
    error: status.optional(),
    inputs: z.record(z.string(), artifactList).optional(),
    outputs: z.record(z.string(), artifactList).optional(),
    parent_task_id: z.string().optional(),
    state_history: z.array(runtimeStatus).optional(),
    pod_name: z.string().optional(),
    child_tasks: z.array(z.object({ task_id: z.string() }).openapi('PipelineTaskDetailChildTask')).optional(),
  })
  .openapi('v2beta1PipelineTaskDetail');

export type TaskDetail = z.infer<typeof taskDetail>;

export const run = z
  .object({
    experiment_id: z.string().optional(),
    run_id: z.string().optional(),
    display_name: z.string().optional(),
    storage_state: z.enum(['STORAGE_STATE_UNSPECIFIED', 'AVAILABLE', 'ARCHIVED']).optional(),
    description: z.string().optional(),
    pipeline_version_id: z.string().optional(),
    pipeline_spec: spec.optional(),
    pipeline_version_reference: versionReference.optional(),
    runtime_config: runtimeConfig.optional(),
    service_account: z.string().optional(),
    created_at: timestamp.optional(),
    scheduled_at: timestamp.optional(),
    finished_at: timestamp.optional(),
    state: runtimeState.optional(),
    error: status.optional(),
    run_details: z
      .object({ task_details: z.array(taskDetail) })
      .openapi('v2beta1RunDetails')
      .optional(),
    recurring_run_id: z.string().optional(),
    state_history: z.array(runtimeStatus).optional(),
  })
  .openapi('v2beta1Run');

export type RunMessage = z.infer<typeof run>;

export const runList = z
  .object({
    runs: z.array(run).optional(),
    total_size: z.number().int(),
    next_page_token: z.string().optional(),
  })
  .openapi('v2beta1ListRunsResponse');
