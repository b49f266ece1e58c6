import { z } from '@hono/zod-openapi';
import type { Context } from '../context.ts';
import { operation, type Operation } from '../http/operation.ts';
import { empty, pageQuery, timeText } from '../messages/common.ts';
import { pipelineVersion, versionList } from '../messages/pipeline.ts';
import { listPage, type Fields } from '../store/page.ts';
import { specMessage } from '../store/specs.ts';
import type { VersionRow } from '../store/tables.ts';
import { nameOf } from './names.ts';
import { addVersion, compiledOf, findPipeline, findVersion, versionRow } from './pipeline-rows.ts';

const fields: Fields = {
  pipeline_version_id: { column: 'pipeline_version_id', type: 'text' },
  id: { column: 'pipeline_version_id', type: 'text' },
  name: { column: 'name', type: 'text' },
  display_name: { column: 'display_name', type: 'text' },
  description: { column: 'description', type: 'text' },
  code_source_url: { column: 'code_source_url', type: 'text' },
  created_at: { column: 'created_at', type: 'time' },
};

const byId = z.object({ pipeline_id: z.string(), pipeline_version_id: z.string() });
const path = '/apis/v2beta1/pipelines/{pipeline_id}/versions';

type VersionMessage = z.infer<typeof pipelineVersion>;

export function versionOperations(context: Context): readonly Operation[] {
  const { database, specs } = context;
  const messageOf = async (row: VersionRow): Promise<VersionMessage> =>
    versionMessage(row, specMessage(await specs.read(row.spec_digest)));
  return [
    operation({
      id: 'pipeline_service_create_pipeline_version',
      method: 'post',
      path,
      summary: 'Adds a version to a pipeline: with it, or from a URL',
      params: z.object({ pipeline_id: z.string() }),
      body: pipelineVersion,
      answer: pipelineVersion,
      async handle({ params, body, who, concerns }) {
        const pipeline = await findPipeline(context, params.pipeline_id, who);
        const spec = await compiledOf(context, body);
        const row = versionRow(body, pipeline, spec.digest);
        await addVersion(context, database, row, spec);
        concerns(row.namespace, row.pipeline_version_id);
        return messageOf(row);
      },
    }),
    operation({
      id: 'pipeline_service_list_pipeline_versions',
      method: 'get',
      path,
      summary: 'Lists the versions of a pipeline',
      params: z.object({ pipeline_id: z.string() }),
      query: z.object(pageQuery),
      answer: versionList,
      async handle({ params, query, who }) {
        const { pipeline_id } = await findPipeline(context, params.pipeline_id, who);
        const page = await listPage(
          database,
          { table: 'pipeline_versions', key: 'pipeline_version_id', fields, where: { pipeline_id } },
          query,
        );
        return {
          pipeline_versions: await Promise.all(page.rows.map(messageOf)),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    operation({
      id: 'pipeline_service_get_pipeline_version',
      method: 'get',
      path: `${path}/{pipeline_version_id}`,
      summary: 'Gives one version of a pipeline',
      params: byId,
      answer: pipelineVersion,
      handle: async ({ params, who }) =>
        messageOf(await findVersion(context, params.pipeline_id, params.pipeline_version_id, who)),
    }),
    operation({
      id: 'pipeline_service_update_pipeline_version',
      method: 'patch',
      path: `${path}/{pipeline_version_id}`,
      summary: 'Changes the name shown, the description or the tags of a version',
      params: byId,
      body: pipelineVersion,
      answer: pipelineVersion,
      async handle({ params, body, who, concerns }) {
        const row = await findVersion(context, params.pipeline_id, params.pipeline_version_id, who);
        concerns(row.namespace, row.pipeline_version_id);
        const changed: VersionRow = {
          ...row,
          ...(body.display_name !== undefined && { display_name: nameOf(body.display_name, 'a version') }),
          ...(body.description !== undefined && { description: body.description }),
          ...(body.tags !== undefined && { tags: JSON.stringify(body.tags) }),
        };
        await database
          .updateTable('pipeline_versions')
          .set(changed)
          .where('pipeline_version_id', '=', row.pipeline_version_id)
          .execute();
        return messageOf(changed);
      },
    }),
    operation({
      id: 'pipeline_service_delete_pipeline_version',
      method: 'delete',
      path: `${path}/{pipeline_version_id}`,
      summary: 'Removes a version; its runs stay',
      params: byId,
      answer: empty,
      async handle({ params, who, concerns }) {
        const row = await findVersion(context, params.pipeline_id, params.pipeline_version_id, who);
        concerns(row.namespace, row.pipeline_version_id);
        await database
          .deleteFrom('pipeline_versions')
          .where('pipeline_version_id', '=', row.pipeline_version_id)
          .execute();
        return {};
      },
    }),
  ];
}

export function versionMessage(row: VersionRow, spec: Record<string, unknown>): VersionMessage {
  return {
    pipeline_id: row.pipeline_id,
    pipeline_version_id: row.pipeline_version_id,
    name: row.name,
    display_name: row.display_name,
    description: row.description,
    created_at: timeText(row.created_at),
    ...(row.package_url !== '' && { package_url: { pipeline_url: row.package_url } }),
    code_source_url: row.code_source_url,
    pipeline_spec: spec,
    tags: JSON.parse(row.tags) as Record<string, string>,
  };
}
