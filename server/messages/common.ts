/** What several messages of KFP's API v2beta1 have in common. */
import { z } from '@hono/zod-openapi';

/** RFC 3339. */
export const timestamp = z.iso.datetime({ offset: true });

/** protobuf's JSON writes an int64 as a text, and reads both. */
export const int64 = z
  .union([z.number().int(), z.string().regex(/^-?\d+$/)])
  .openapi({ type: 'string', format: 'int64' });

export const status = z
  .object({ code: z.number().int(), message: z.string(), details: z.array(z.looseObject({})).optional() })
  .openapi('googlerpcStatus');

const refusalFields = {
  error: z.string(),
  code: z.number().int(),
  message: z.string(),
  details: z.array(z.looseObject({ '@type': z.string() })),
};

/** What every refusal says. */
export const refusal = z.object(refusalFields).openapi('Refusal');

/** What a refusal of an upload says: KFP's server of uploads has words of its own. */
export const uploadRefusal = z
  .object({ ...refusalFields, error_message: z.string(), error_details: z.string() })
  .openapi('UploadRefusal');

export const empty = z.object({}).openapi('Empty');

export const pageQuery = {
  page_token: z.string().optional(),
  page_size: z.coerce.number().int().min(0).optional(),
  sort_by: z.string().optional().openapi({ description: 'A field, and "asc" or "desc" after it.' }),
  filter: z.string().optional().openapi({ description: 'A Filter message as JSON.' }),
};

export const tags = z.record(z.string(), z.string());

export const spec = z.looseObject({}).openapi({
  description: 'A PipelineSpec; with a platform spec both, in `pipeline_spec` and `platform_spec`.',
});

export const runtimeConfig = z
  .object({ parameters: z.record(z.string(), z.unknown()).optional(), pipeline_root: z.string().optional() })
  .openapi('v2beta1RuntimeConfig');

export const versionReference = z
  .object({ pipeline_id: z.string().optional(), pipeline_version_id: z.string().optional() })
  .openapi('v2beta1PipelineVersionReference');

/** Writes a time as messages have it; undefined for none. */
export function timeText(milliseconds: number): string | undefined {
  return milliseconds === 0 ? undefined : new Date(milliseconds).toISOString();
}
