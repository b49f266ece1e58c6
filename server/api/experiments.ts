import { z } from '@hono/zod-openapi';
import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { mayUse, namespaceOf, type Principal } from '../http/access.ts';
import { operation, type Operation } from '../http/operation.ts';
import { empty, pageQuery, timeText } from '../messages/common.ts';
import { experiment, experimentList } from '../messages/experiment.ts';
import { listPage, type Fields } from '../store/page.ts';
import type { ExperimentRow } from '../store/tables.ts';
import { nameOf } from './names.ts';

const fields: Fields = {
  experiment_id: { column: 'experiment_id', type: 'text' },
  id: { column: 'experiment_id', type: 'text' },
  display_name: { column: 'display_name', type: 'text' },
  name: { column: 'display_name', type: 'text' },
  description: { column: 'description', type: 'text' },
  created_at: { column: 'created_at', type: 'time' },
  last_run_created_at: { column: 'last_run_created_at', type: 'time' },
  namespace: { column: 'namespace', type: 'text' },
  storage_state: { column: 'storage_state', type: 'text' },
};

const byId = z.object({ experiment_id: z.string() });

export function experimentOperations(context: Context): readonly Operation[] {
  const { database } = context;
  return [
    operation({
      id: 'experiment_service_create_experiment',
      method: 'post',
      path: '/apis/v2beta1/experiments',
      summary: 'Makes an experiment',
      body: experiment,
      answer: experiment,
      async handle({ body, who, concerns }) {
        const row: ExperimentRow = {
          experiment_id: randomUUID(),
          namespace: namespaceOf(who, body.namespace),
          display_name: nameOf(body.display_name, 'an experiment'),
          description: body.description ?? '',
          storage_state: 'AVAILABLE',
          created_at: Date.now(),
          last_run_created_at: 0,
        };
        const made = await database
          .insertInto('experiments')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (Number(made.numInsertedOrUpdatedRows ?? 0) === 0)
          throw new Refusal('exists', `there is an experiment "${row.display_name}" already`);
        concerns(row.namespace, row.experiment_id);
        return experimentMessage(row);
      },
    }),
    operation({
      id: 'experiment_service_list_experiments',
      method: 'get',
      path: '/apis/v2beta1/experiments',
      summary: 'Lists experiments',
      query: z.object({ ...pageQuery, namespace: z.string().optional() }),
      answer: experimentList,
      async handle({ query, who }) {
        const namespace = namespaceOf(who, query.namespace);
        // There is one from the beginning, as with KFP.
        await defaultExperiment(context, namespace);
        const page = await listPage(
          database,
          { table: 'experiments', key: 'experiment_id', fields, where: { namespace } },
          query,
        );
        return {
          experiments: page.rows.map(experimentMessage),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    operation({
      id: 'experiment_service_get_experiment',
      method: 'get',
      path: '/apis/v2beta1/experiments/{experiment_id}',
      summary: 'Gives one experiment',
      params: byId,
      answer: experiment,
      handle: async ({ params, who }) =>
        experimentMessage(await findExperiment(context, params.experiment_id, who)),
    }),
    operation({
      id: 'experiment_service_archive_experiment',
      method: 'post',
      path: '/apis/v2beta1/experiments/{experiment_id}:archive',
      summary: 'Archives an experiment with its runs, and disables its recurring runs',
      params: byId,
      answer: empty,
      async handle({ params, who, concerns }) {
        const found = await findExperiment(context, params.experiment_id, who);
        concerns(found.namespace, found.experiment_id);
        await database.transaction().execute(async (transaction) => {
          const { experiment_id: id } = found;
          const archived = { storage_state: 'ARCHIVED' };
          await transaction
            .updateTable('experiments')
            .set(archived)
            .where('experiment_id', '=', id)
            .execute();
          await transaction.updateTable('runs').set(archived).where('experiment_id', '=', id).execute();
          await transaction
            .updateTable('recurring_runs')
            .set({ status: 'DISABLED', updated_at: Date.now() })
            .where('experiment_id', '=', id)
            .execute();
        });
        return {};
      },
    }),
    operation({
      id: 'experiment_service_unarchive_experiment',
      method: 'post',
      path: '/apis/v2beta1/experiments/{experiment_id}:unarchive',
      summary: 'Brings an experiment back, and not its runs',
      params: byId,
      answer: empty,
      async handle({ params, who, concerns }) {
        const found = await findExperiment(context, params.experiment_id, who);
        concerns(found.namespace, found.experiment_id);
        await database
          .updateTable('experiments')
          .set({ storage_state: 'AVAILABLE' })
          .where('experiment_id', '=', found.experiment_id)
          .execute();
        return {};
      },
    }),
    operation({
      id: 'experiment_service_delete_experiment',
      method: 'delete',
      path: '/apis/v2beta1/experiments/{experiment_id}',
      summary: 'Removes an experiment, and not its runs',
      params: byId,
      answer: empty,
      async handle({ params, who, concerns }) {
        const found = await findExperiment(context, params.experiment_id, who);
        concerns(found.namespace, found.experiment_id);
        await database.deleteFrom('experiments').where('experiment_id', '=', found.experiment_id).execute();
        return {};
      },
    }),
  ];
}

/**
 * Finds an experiment that somebody may see.
 * @throws Refusal where there is none; one of another namespace is none
 */
export async function findExperiment(
  { database }: Context,
  id: string,
  who: Principal,
): Promise<ExperimentRow> {
  const row = await database
    .selectFrom('experiments')
    .selectAll()
    .where('experiment_id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !mayUse(who, row.namespace))
    throw new Refusal('not-found', `there is no experiment ${id}`);
  return row;
}

/** Finds the experiment of what names none, making it where it is missing. */
export async function defaultExperiment(context: Context, namespace: string): Promise<ExperimentRow> {
  const { database } = context;
  const find = (): Promise<ExperimentRow | undefined> =>
    database
      .selectFrom('experiments')
      .selectAll()
      .where('namespace', '=', namespace)
      .where('display_name', '=', 'Default')
      .executeTakeFirst();
  const there = await find();
  if (there !== undefined) return there;
  await database
    .insertInto('experiments')
    .values({
      experiment_id: randomUUID(),
      namespace,
      display_name: 'Default',
      description: 'All runs created without specifying an experiment will be grouped here.',
      storage_state: 'AVAILABLE',
      created_at: Date.now(),
      last_run_created_at: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await find();
  if (row === undefined)
    throw new Refusal('not-now', 'the default experiment was removed just now: try again');
  return row;
}

function experimentMessage(row: ExperimentRow): z.infer<typeof experiment> {
  return {
    experiment_id: row.experiment_id,
    display_name: row.display_name,
    description: row.description,
    created_at: timeText(row.created_at),
    namespace: row.namespace,
    storage_state: row.storage_state === 'ARCHIVED' ? 'ARCHIVED' : 'AVAILABLE',
    last_run_created_at: new Date(row.last_run_created_at).toISOString(),
  };
}
