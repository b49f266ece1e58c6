import { setImmediate as turn } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import { createSlots } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { operation, type Operation } from '../http/operation.ts';
import { empty } from '../messages/common.ts';
import { run, runList } from '../messages/run.ts';
import { changeState, hasEnded } from '../runs/states.ts';
import { taskDetails } from '../runs/task-details.ts';
import { listPage, type Fields } from '../store/page.ts';
import type { RunRow } from '../store/tables.ts';
import { listedOf, listQuery } from './in-experiment.ts';
import { createRun } from './create-run.ts';
import { findRun, runMessage } from './run-rows.ts';

const fields: Fields = {
  run_id: { column: 'run_id', type: 'text' },
  id: { column: 'run_id', type: 'text' },
  display_name: { column: 'display_name', type: 'text' },
  name: { column: 'display_name', type: 'text' },
  description: { column: 'description', type: 'text' },
  experiment_id: { column: 'experiment_id', type: 'text' },
  state: { column: 'state', type: 'text' },
  storage_state: { column: 'storage_state', type: 'text' },
  service_account: { column: 'service_account', type: 'text' },
  pipeline_id: { column: 'pipeline_id', type: 'text' },
  pipeline_version_id: { column: 'pipeline_version_id', type: 'text' },
  recurring_run_id: { column: 'recurring_run_id', type: 'text' },
  namespace: { column: 'namespace', type: 'text' },
  created_at: { column: 'created_at', type: 'time' },
  scheduled_at: { column: 'scheduled_at', type: 'time' },
  finished_at: { column: 'finished_at', type: 'time' },
};

/** Requests for runs that are looked at at a time: many that come together do not keep others waiting. */
const createsAtATime = { sqlite: 2, postgres: 8 } as const;

const byId = z.object({ run_id: z.string() });
/** KFP's clients may name the experiment too, which the run knows. */
const inExperiment = z.object({ experiment_id: z.string().optional() });

export function runOperations(context: Context): readonly Operation[] {
  const { database, drives, metrics } = context;
  const creating = createSlots(createsAtATime[context.parts.database.kind]);
  const answering = createSlots(1);
  return [
    operation({
      id: 'run_service_create_run',
      method: 'post',
      path: '/apis/v2beta1/runs',
      summary: 'Starts a run: of a version, or of a pipeline that comes with it',
      query: inExperiment,
      body: run,
      answer: run,
      async handle({ body, query, who, concerns }) {
        const row = await creating.use(async () => {
          // A database in this process answers at once: without a pause nobody else would have a turn.
          await turn();
          return createRun(context, body, query.experiment_id, who);
        });
        // What is answered is there for good.
        await context.parts.database.settle();
        // Those that waited for the disk together are answered one a turn.
        await answering.use(() => turn());
        concerns(row.namespace, row.run_id);
        metrics.ran('accepted');
        drives.wake();
        return runMessage(context, row);
      },
    }),
    operation({
      id: 'run_service_list_runs',
      method: 'get',
      path: '/apis/v2beta1/runs',
      summary: 'Lists runs, without their tasks',
      query: listQuery,
      answer: runList,
      async handle({ query, who }) {
        const where = await listedOf(context, query, who);
        const page = await listPage(database, { table: 'runs', key: 'run_id', fields, where }, query);
        return {
          runs: await Promise.all(page.rows.map((row) => runMessage(context, row))),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    operation({
      id: 'run_service_get_run',
      method: 'get',
      path: '/apis/v2beta1/runs/{run_id}',
      summary: 'Gives one run, with its tasks',
      params: byId,
      query: inExperiment,
      answer: run,
      async handle({ params, who }) {
        const row = await findRun(context, params.run_id, who);
        const message = await runMessage(context, row);
        const details = taskDetails(row.run_id, await context.views.of(row));
        return { ...message, run_details: { task_details: details } };
      },
    }),
    operation({
      id: 'run_service_terminate_run',
      method: 'post',
      path: '/apis/v2beta1/runs/{run_id}:terminate',
      summary: 'Cancels a run: exit tasks of it still run',
      params: byId,
      query: inExperiment,
      answer: empty,
      async handle({ params, who, concerns }) {
        const row = await findRun(context, params.run_id, who);
        concerns(row.namespace, row.run_id);
        if (hasEnded(row))
          throw new Refusal('not-now', `the run ${row.run_id} has ended already: it is ${row.state}`);
        await cancelRun(context, row);
        return {};
      },
    }),
    operation({
      id: 'run_service_retry_run',
      method: 'post',
      path: '/apis/v2beta1/runs/{run_id}:retry',
      summary: 'Goes on with a run that failed or was cancelled: what succeeded stays',
      params: byId,
      query: inExperiment,
      answer: empty,
      async handle({ params, who, concerns }) {
        const row = await findRun(context, params.run_id, who);
        concerns(row.namespace, row.run_id);
        const changed = await changeState(database, row.run_id, {
          from: ['FAILED', 'CANCELED'],
          to: 'PENDING',
        });
        if (!changed)
          throw new Refusal(
            'not-now',
            `the run ${row.run_id} is ${row.state}: only one that failed or was cancelled goes on`,
          );
        await context.parts.database.settle();
        drives.wake();
        return {};
      },
    }),
    ...(['archive', 'unarchive'] as const).map((verb) =>
      operation({
        id: `run_service_${verb}_run`,
        method: 'post',
        path: `/apis/v2beta1/runs/{run_id}:${verb}`,
        summary: verb === 'archive' ? 'Puts a run away' : 'Brings a run back',
        params: byId,
        query: inExperiment,
        answer: empty,
        async handle({ params, who, concerns }) {
          const row = await findRun(context, params.run_id, who);
          concerns(row.namespace, row.run_id);
          await database
            .updateTable('runs')
            .set({ storage_state: verb === 'archive' ? 'ARCHIVED' : 'AVAILABLE' })
            .where('run_id', '=', row.run_id)
            .execute();
          return {};
        },
      }),
    ),
    operation({
      id: 'run_service_delete_run',
      method: 'delete',
      path: '/apis/v2beta1/runs/{run_id}',
      summary: 'Removes a run, cancelling it first; its files stay until they are collected',
      params: byId,
      query: inExperiment,
      answer: empty,
      async handle({ params, who, concerns }) {
        const row = await findRun(context, params.run_id, who);
        concerns(row.namespace, row.run_id);
        if (!hasEnded(row)) {
          await cancelRun(context, row);
          await drives.over(row);
        }
        await database.transaction().execute(async (transaction) => {
          await transaction.deleteFrom('artifacts').where('run_id', '=', row.run_id).execute();
          await transaction.deleteFrom('runs').where('run_id', '=', row.run_id).execute();
        });
        return {};
      },
    }),
  ];
}

/** Cancels a run that has no end: at once, where it has not begun. */
async function cancelRun({ database, drives }: Context, { run_id: runId, root }: RunRow): Promise<void> {
  const first = await changeState(database, runId, { from: ['PENDING', 'RUNNING'], to: 'CANCELING' });
  if (drives.cancel(runId)) return;
  // It was waiting, or another server has it: then whoever drives it is told what it is to do.
  const row = await database
    .selectFrom('runs')
    .select('state_history')
    .where('run_id', '=', runId)
    .executeTakeFirst();
  const begun = row?.state_history.includes('"RUNNING"') === true;
  if (begun && first) await drives.cancelElsewhere({ run_id: runId, root });
  else if (!begun) await changeState(database, runId, { from: ['CANCELING'], to: 'CANCELED' });
}
