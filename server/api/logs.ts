/** What the tasks of runs print. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import type { TaskState } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import type { Principal } from '../http/access.ts';
import { streamed, type Operation } from '../http/operation.ts';
import { taskIdOf } from '../runs/names.ts';
import type { RunRow } from '../store/tables.ts';
import { findRun } from './run-rows.ts';

const params = z.object({ run_id: z.string(), node_id: z.string() });
const query = z.object({
  follow: z.stringbool().optional(),
  attempt: z.coerce.number().int().min(1).optional(),
});

/** Milliseconds between two looks at a log that grows. */
const pause = 500;

export function logOperations(context: Context): readonly Operation[] {
  // KFP has it at v1alpha1, and nowhere else.
  return ['v2beta1', 'v1alpha1'].map((version) =>
    streamed({
      id: version === 'v2beta1' ? 'run_service_read_log' : 'read_run_log_v1',
      method: 'get',
      path: `/apis/${version}/runs/{run_id}/nodes/{node_id}/log`,
      summary: 'Gives what a task printed, by its id or its path; follow=true goes on as long as it runs',
      params,
      query,
      answer: 'text/plain',
      handle: async (call) => readLog(context, call.params, call.query, call.who, call.request.signal),
    }),
  );
}

async function readLog(
  context: Context,
  { run_id: runId, node_id: node }: z.infer<typeof params>,
  { follow, attempt }: z.infer<typeof query>,
  who: Principal,
  signal: AbortSignal,
): Promise<Response> {
  const run = await findRun(context, runId, who);
  const bench = await context.benches.open(run.root);
  const first = await findTask(context, run, node);
  // A cached task printed when it ran.
  const source = first.from ?? { runId, task: first.name };
  const number = attempt ?? Math.max(1, first.attempts);
  const reader = bench.followLog({ ...source, number });
  const encoder = new TextEncoder();
  async function* lines(): AsyncGenerator<Uint8Array> {
    for (;;) {
      // Asked in this order, what it printed last is not left out.
      const task = await findTask(context, run, node);
      const text = await reader.next();
      if (text !== undefined && text !== '') yield encoder.encode(text);
      if (follow !== true || isOver(task) || signal.aborted) return;
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
  const stream = ReadableStream.from(lines());
  return new Response(stream, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
}

async function findTask(context: Context, run: RunRow, node: string): Promise<TaskState> {
  const { state } = await context.views.of(run);
  const task = state.tasks.find(({ name }) => name === node || taskIdOf(run.run_id, name) === node);
  if (task === undefined) throw new Refusal('not-found', `the run ${run.run_id} has no task ${node}`);
  return task;
}

function isOver({ status }: TaskState): boolean {
  return status !== 'waiting' && status !== 'ready' && status !== 'running';
}
