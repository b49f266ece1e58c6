import { z } from '@hono/zod-openapi';
import { spec, status, tags, timestamp } from './common.ts';

export const pipeline = z
  .object({
    pipeline_id: z.string().optional(),
    display_name: z.string().optional(),
    name: z.string().optional(),
    description: z.string().optional(),
    created_at: timestamp.optional(),
    namespace: z.string().optional(),
    error: status.optional(),
    tags: tags.optional(),
  })
  .openapi('v2beta1Pipeline');

export const pipelineList = z
  .object({
    pipelines: z.array(pipeline).optional(),
    total_size: z.number().int(),
    next_page_token: z.string().optional(),
  })
  .openapi('v2beta1ListPipelinesResponse');

export const pipelineVersion = z
  .object({
    pipeline_id: z.string().optional(),
    pipeline_version_id: z.string().optional(),
    display_name: z.string().optional(),
    name: z.string().optional(),
    description: z.string().optional(),
    created_at: timestamp.optional(),
    package_url: z.object({ pipeline_url: z.string().optional() }).openapi('v2beta1Url').optional(),
    code_source_url: z.string().optional(),
    pipeline_spec: spec.optional(),
    error: status.optional(),
    tags: tags.optional(),
  })
  .openapi('v2beta1PipelineVersion');

export const versionList = z
  .object({
    pipeline_versions: z.array(pipelineVersion).optional(),
    total_size: z.number().int(),
    next_page_token: z.string().optional(),
  })
  .openapi('v2beta1ListPipelineVersionsResponse');

export const pipelineAndVersion = z
  .object({ pipeline: pipeline, pipeline_version: pipelineVersion })
  .openapi('v2beta1CreatePipelineAndVersionRequest');
