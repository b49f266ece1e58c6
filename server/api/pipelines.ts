import { z } from '@hono/zod-openapi';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { namespaceOf } from '../http/access.ts';
import { operation, type Operation } from '../http/operation.ts';
import { empty, pageQuery, timeText } from '../messages/common.ts';
import { pipeline, pipelineAndVersion, pipelineList } from '../messages/pipeline.ts';
import { listPage, type Fields } from '../store/page.ts';
import type { PipelineRow } from '../store/tables.ts';
import { nameOf } from './names.ts';
import {
  addPipeline,
  addVersion,
  compiledOf,
  findPipeline,
  pipelineRow,
  versionRow,
} from './pipeline-rows.ts';

const fields: Fields = {
  pipeline_id: { column: 'pipeline_id', type: 'text' },
  id: { column: 'pipeline_id', type: 'text' },
  name: { column: 'name', type: 'text' },
  display_name: { column: 'display_name', type: 'text' },
  description: { column: 'description', type: 'text' },
  created_at: { column: 'created_at', type: 'time' },
  namespace: { column: 'namespace', type: 'text' },
};

const byId = z.object({ pipeline_id: z.string() });

export function pipelineOperations(context: Context): readonly Operation[] {
  const { database } = context;
  return [
    operation({
      id: 'pipeline_service_create_pipeline',
      method: 'post',
      path: '/apis/v2beta1/pipelines',
      summary: 'Makes a pipeline that has no version yet',
      body: pipeline,
      answer: pipeline,
      async handle({ body, who, concerns }) {
        const row = pipelineRow(body, namespaceOf(who, body.namespace));
        await addPipeline(database, row);
        concerns(row.namespace, row.pipeline_id);
        return pipelineMessage(row);
      },
    }),
    operation({
      id: 'pipeline_service_create_pipeline_and_version',
      method: 'post',
      path: '/apis/v2beta1/pipelines/create',
      summary: 'Makes a pipeline with its first version',
      body: pipelineAndVersion,
      answer: pipeline,
      async handle({ body, who, concerns }) {
        const row = pipelineRow(body.pipeline, namespaceOf(who, body.pipeline.namespace));
        const spec = await compiledOf(context, body.pipeline_version);
        const named = { name: row.name, display_name: row.display_name, ...body.pipeline_version };
        await database.transaction().execute(async (transaction) => {
          await addPipeline(transaction, row);
          await addVersion(context, transaction, versionRow(named, row, spec.digest), spec);
        });
        concerns(row.namespace, row.pipeline_id);
        return pipelineMessage(row);
      },
    }),
    operation({
      id: 'pipeline_service_list_pipelines',
      method: 'get',
      path: '/apis/v2beta1/pipelines',
      summary: 'Lists pipelines',
      query: z.object({ ...pageQuery, namespace: z.string().optional() }),
      answer: pipelineList,
      async handle({ query, who }) {
        const namespace = namespaceOf(who, query.namespace);
        const page = await listPage(
          database,
          { table: 'pipelines', key: 'pipeline_id', fields, where: { namespace } },
          query,
        );
        return {
          pipelines: page.rows.map(pipelineMessage),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    operation({
      id: 'pipeline_service_get_pipeline_by_name',
      method: 'get',
      path: '/apis/v2beta1/pipelines/names/{name}',
      summary: 'Gives the pipeline of a name',
      params: z.object({ name: z.string() }),
      query: z.object({ namespace: z.string().optional() }),
      answer: pipeline,
      async handle({ params, query, who }) {
        const row = await database
          .selectFrom('pipelines')
          .selectAll()
          .where('namespace', '=', namespaceOf(who, query.namespace))
          .where('name', '=', params.name)
          .executeTakeFirst();
        if (row === undefined) throw new Refusal('not-found', `there is no pipeline "${params.name}"`);
        return pipelineMessage(row);
      },
    }),
    operation({
      id: 'pipeline_service_get_pipeline',
      method: 'get',
      path: '/apis/v2beta1/pipelines/{pipeline_id}',
      summary: 'Gives one pipeline',
      params: byId,
      answer: pipeline,
      handle: async ({ params, who }) =>
        pipelineMessage(await findPipeline(context, params.pipeline_id, who)),
    }),
    operation({
      id: 'pipeline_service_update_pipeline',
      method: 'patch',
      path: '/apis/v2beta1/pipelines/{pipeline_id}',
      summary: 'Changes the name shown, the description or the tags of a pipeline',
      params: byId,
      body: pipeline,
      answer: pipeline,
      async handle({ params, body, who, concerns }) {
        const row = await findPipeline(context, params.pipeline_id, who);
        concerns(row.namespace, row.pipeline_id);
        const changed: PipelineRow = {
          ...row,
          ...(body.display_name !== undefined && { display_name: nameOf(body.display_name, 'a pipeline') }),
          ...(body.description !== undefined && { description: body.description }),
          ...(body.tags !== undefined && { tags: JSON.stringify(body.tags) }),
        };
        await database
          .updateTable('pipelines')
          .set(changed)
          .where('pipeline_id', '=', row.pipeline_id)
          .execute();
        return pipelineMessage(changed);
      },
    }),
    operation({
      id: 'pipeline_service_delete_pipeline',
      method: 'delete',
      path: '/apis/v2beta1/pipelines/{pipeline_id}',
      summary: 'Removes a pipeline; one that has versions only with cascade=true',
      params: byId,
      query: z.object({ cascade: z.stringbool().optional() }),
      answer: empty,
      async handle({ params, query, who, concerns }) {
        const row = await findPipeline(context, params.pipeline_id, who);
        concerns(row.namespace, row.pipeline_id);
        await database.transaction().execute(async (transaction) => {
          const ofIt = transaction.selectFrom('pipeline_versions').where('pipeline_id', '=', row.pipeline_id);
          const { count } = await ofIt
            .select((select) => select.fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow();
          if (count > 0 && query.cascade !== true)
            throw new Refusal(
              'invalid',
              `the pipeline ${row.pipeline_id} has versions: delete those first, or say cascade=true`,
            );
          await transaction
            .deleteFrom('pipeline_versions')
            .where('pipeline_id', '=', row.pipeline_id)
            .execute();
          await transaction.deleteFrom('pipelines').where('pipeline_id', '=', row.pipeline_id).execute();
        });
        return {};
      },
    }),
  ];
}

export function pipelineMessage(row: PipelineRow): z.infer<typeof pipeline> {
  return {
    pipeline_id: row.pipeline_id,
    name: row.name,
    display_name: row.display_name,
    description: row.description,
    created_at: timeText(row.created_at),
    namespace: row.namespace,
    tags: JSON.parse(row.tags) as Record<string, string>,
  };
}
