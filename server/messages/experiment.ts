import { z } from '@hono/zod-openapi';
import { timestamp } from './common.ts';

export const experiment = z
  .object({
    experiment_id: z.string().optional(),
    display_name: z.string().optional(),
    description: z.string().optional(),
    created_at: timestamp.optional(),
    namespace: z.string().optional(),
    storage_state: z.enum(['STORAGE_STATE_UNSPECIFIED', 'AVAILABLE', 'ARCHIVED']).optional(),
    last_run_created_at: timestamp.optional(),
  })
  .openapi('v2beta1Experiment');

export const experimentList = z
  .object({
    experiments: z.array(experiment).optional(),
    total_size: z.number().int(),
    next_page_token: z.string().optional(),
  })
  .openapi('v2beta1ListExperimentsResponse');
