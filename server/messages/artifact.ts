/** Messages beyond KFP's published API: artifacts by themselves. */
import { z } from '@hono/zod-openapi';
import { timestamp } from './common.ts';

export const artifact = z
  .object({
    artifact_id: z.string(),
    name: z.string(),
    type: z.string().openapi({ description: "Its schema's title, such as system.Model." }),
    uri: z.string(),
    namespace: z.string().optional(),
    created_at: timestamp.optional(),
    metadata: z.record(z.string(), z.unknown()),
    digest: z.string().optional(),
    size: z.number().openapi({ description: 'Bytes, of all files together.' }),
    folder: z.boolean(),
    run_id: z.string(),
    task_id: z.string(),
    task: z.string().openapi({ description: "The task's path in the run." }),
    output: z.string(),
  })
  .openapi('Artifact');

export const artifactPage = z
  .object({
    artifacts: z.array(artifact).optional(),
    total_size: z.number().int(),
    next_page_token: z.string().optional(),
  })
  .openapi('ListArtifactsResponse');

const use = z
  .object({ run_id: z.string(), task_id: z.string(), task: z.string(), input: z.string() })
  .openapi('ArtifactUse');

export const lineage = z
  .object({
    artifact,
    made_by: z
      .object({ run_id: z.string(), task: z.string(), attempt: z.number().int().optional() })
      .optional()
      .openapi({ description: 'The task that made it: of an earlier run, where it came from the cache.' }),
    made_from: z.array(artifact).openapi({ description: 'The artifacts that the task was given.' }),
    used_by: z.array(use),
  })
  .openapi('ArtifactLineage');
