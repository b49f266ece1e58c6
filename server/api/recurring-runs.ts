import { z } from '@hono/zod-openapi';
import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../../spec/index.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { mayUse, type Principal } from '../http/access.ts';
import { operation, type Operation } from '../http/operation.ts';
import { empty, timeText } from '../messages/common.ts';
import { recurringRun, recurringRunList, type TriggerMessage } from '../messages/recurring-run.ts';
import { readTrigger } from '../schedule/trigger.ts';
import { withMacros } from '../schedule/macros.ts';
import { listPage, type Fields } from '../store/page.ts';
import { specMessage } from '../store/specs.ts';
import type { RecurringRow } from '../store/tables.ts';
import { listedOf, listQuery } from './in-experiment.ts';
import { nameOf } from './names.ts';
import { experimentOf, runnable, sourceOf } from './run-source.ts';

const fields: Fields = {
  recurring_run_id: { column: 'recurring_run_id', type: 'text' },
  id: { column: 'recurring_run_id', type: 'text' },
  display_name: { column: 'display_name', type: 'text' },
  name: { column: 'display_name', type: 'text' },
  description: { column: 'description', type: 'text' },
  experiment_id: { column: 'experiment_id', type: 'text' },
  pipeline_id: { column: 'pipeline_id', type: 'text' },
  pipeline_version_id: { column: 'pipeline_version_id', type: 'text' },
  namespace: { column: 'namespace', type: 'text' },
  status: { column: 'status', type: 'text' },
  max_concurrency: { column: 'max_concurrency', type: 'number' },
  created_at: { column: 'created_at', type: 'time' },
  updated_at: { column: 'updated_at', type: 'time' },
};

const path = '/apis/v2beta1/recurringruns';
const byId = z.object({ recurring_run_id: z.string() });

type RecurringMessage = z.infer<typeof recurringRun>;

export function recurringRunOperations(context: Context): readonly Operation[] {
  const { database } = context;
  return [
    operation({
      id: 'recurring_run_service_create_recurring_run',
      method: 'post',
      path,
      summary: 'Has a pipeline run again and again',
      body: recurringRun,
      answer: recurringRun,
      async handle({ body, who, concerns }) {
        const experiment = await experimentOf(context, body.experiment_id, body.namespace, who);
        const { namespace } = experiment;
        const source = await sourceOf(context, body, who);
        const now = Date.now();
        const trigger = readTrigger(body.trigger, now, context.options.timeZone);
        const config = body.runtime_config;
        const parameters = (config?.parameters ?? {}) as Readonly<Record<string, JsonValue>>;
        await runnable(context, source.spec, namespace, {
          ...config,
          parameters: withMacros(parameters, { runId: randomUUID(), due: now, now, index: 1 }),
        });
        const reference = body.pipeline_version_reference;
        // A request that names a pipeline and no version means the newest at each time.
        const floats =
          (reference?.pipeline_id ?? '') !== '' &&
          !(reference?.pipeline_version_id || body.pipeline_version_id);
        const row: RecurringRow = {
          recurring_run_id: randomUUID(),
          namespace,
          experiment_id: experiment.experiment_id,
          display_name: nameOf(body.display_name, 'a recurring run'),
          description: body.description ?? '',
          pipeline_id: source.pipelineId,
          pipeline_version_id: floats ? '' : source.versionId,
          spec_digest: floats ? '' : source.spec.digest,
          parameters: JSON.stringify(parameters),
          pipeline_root: config?.pipeline_root ?? '',
          service_account: body.service_account ?? '',
          max_concurrency: concurrencyOf(body.max_concurrency),
          no_catchup: body.no_catchup === true ? 1 : 0,
          trigger: JSON.stringify(body.trigger),
          status: body.mode === 'DISABLE' ? 'DISABLED' : 'ENABLED',
          due_after: trigger.beginning,
          created_at: now,
          updated_at: now,
          last_index: 0,
          error: null,
          started_by: who.name,
        };
        await context.specs.keep(source.spec);
        await database.insertInto('recurring_runs').values(row).execute();
        await context.parts.database.settle();
        concerns(namespace, row.recurring_run_id);
        context.wakeSchedule();
        return messageOf(context, row);
      },
    }),
    operation({
      id: 'recurring_run_service_list_recurring_runs',
      method: 'get',
      path,
      summary: 'Lists recurring runs',
      query: listQuery,
      answer: recurringRunList,
      async handle({ query, who }) {
        const where = await listedOf(context, query, who);
        const page = await listPage(
          database,
          { table: 'recurring_runs', key: 'recurring_run_id', fields, where },
          query,
        );
        return {
          recurringRuns: await Promise.all(page.rows.map((row) => messageOf(context, row))),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    operation({
      id: 'recurring_run_service_get_recurring_run',
      method: 'get',
      path: `${path}/{recurring_run_id}`,
      summary: 'Gives one recurring run',
      params: byId,
      answer: recurringRun,
      handle: async ({ params, who }) =>
        messageOf(context, await findRecurring(context, params.recurring_run_id, who)),
    }),
    ...(['enable', 'disable'] as const).map((verb) =>
      operation({
        id: `recurring_run_service_${verb}_recurring_run`,
        method: 'post',
        path: `${path}/{recurring_run_id}:${verb}`,
        summary:
          verb === 'enable'
            ? 'Lets a recurring run go on: what was due meanwhile is caught up with, unless it says no_catchup'
            : 'Stops a recurring run; runs that it started go on',
        params: byId,
        answer: empty,
        async handle({ params, who, concerns }) {
          const row = await findRecurring(context, params.recurring_run_id, who);
          concerns(row.namespace, row.recurring_run_id);
          await database
            .updateTable('recurring_runs')
            .set({ status: verb === 'enable' ? 'ENABLED' : 'DISABLED', updated_at: Date.now() })
            .where('recurring_run_id', '=', row.recurring_run_id)
            .execute();
          context.wakeSchedule();
          return {};
        },
      }),
    ),
    operation({
      id: 'recurring_run_service_delete_recurring_run',
      method: 'delete',
      path: `${path}/{recurring_run_id}`,
      summary: 'Removes a recurring run; runs that it started stay',
      params: byId,
      query: z.object({ propagation_policy: z.string().optional() }),
      answer: empty,
      async handle({ params, who, concerns }) {
        const row = await findRecurring(context, params.recurring_run_id, who);
        concerns(row.namespace, row.recurring_run_id);
        await database
          .deleteFrom('recurring_runs')
          .where('recurring_run_id', '=', row.recurring_run_id)
          .execute();
        return {};
      },
    }),
  ];
}

/** KFP allows one to ten. */
function concurrencyOf(given: string | number | undefined): number {
  const value = Number(given ?? 1);
  if (!Number.isInteger(value) || value < 1 || value > 10)
    throw new Refusal('invalid', 'max_concurrency is a whole number from 1 to 10');
  return value;
}

async function findRecurring({ database }: Context, id: string, who: Principal): Promise<RecurringRow> {
  const row = await database
    .selectFrom('recurring_runs')
    .selectAll()
    .where('recurring_run_id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !mayUse(who, row.namespace))
    throw new Refusal('not-found', `there is no recurring run ${id}`);
  return row;
}

async function messageOf({ specs }: Context, row: RecurringRow): Promise<RecurringMessage> {
  const trigger = JSON.parse(row.trigger) as TriggerMessage;
  const { periodic_schedule: periodic } = trigger;
  const enabled = row.status === 'ENABLED';
  return {
    recurring_run_id: row.recurring_run_id,
    display_name: row.display_name,
    description: row.description,
    experiment_id: row.experiment_id,
    namespace: row.namespace,
    ...(row.pipeline_id === ''
      ? { pipeline_spec: specMessage(await specs.read(row.spec_digest)) }
      : {
          ...(row.pipeline_version_id !== '' && { pipeline_version_id: row.pipeline_version_id }),
          pipeline_version_reference: {
            pipeline_id: row.pipeline_id,
            ...(row.pipeline_version_id !== '' && { pipeline_version_id: row.pipeline_version_id }),
          },
        }),
    runtime_config: {
      parameters: JSON.parse(row.parameters) as Record<string, unknown>,
      ...(row.pipeline_root !== '' && { pipeline_root: row.pipeline_root }),
    },
    ...(row.service_account !== '' && { service_account: row.service_account }),
    max_concurrency: `${row.max_concurrency}`,
    no_catchup: row.no_catchup !== 0,
    trigger:
      periodic === undefined
        ? trigger
        : { periodic_schedule: { ...periodic, interval_second: `${periodic.interval_second}` } },
    mode: enabled ? 'ENABLE' : 'DISABLE',
    status: enabled ? 'ENABLED' : 'DISABLED',
    created_at: timeText(row.created_at),
    updated_at: timeText(row.updated_at),
    ...(row.error !== null && { error: JSON.parse(row.error) as RecurringMessage['error'] }),
  };
}
