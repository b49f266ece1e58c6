/** What tells of the server itself. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from '@hono/zod-openapi';
import type { Context } from '../context.ts';
import { namespaceOf } from '../http/access.ts';
import { operation, streamed, type Operation } from '../http/operation.ts';
import { empty, pageQuery } from '../messages/common.ts';
import { listPage, type Fields } from '../store/page.ts';

const healthz = z
  .object({
    multi_user: z.boolean(),
    pipeline_store: z.string(),
    ferrule: z.object({ version: z.string(), runner: z.string() }).openapi({
      description: 'What KFP has not: which Ferrule this is, and what runs the tasks.',
    }),
  })
  .openapi('v2beta1GetHealthzResponse');

const auditFields: Fields = {
  created_at: { column: 'at', type: 'time' },
  at: { column: 'at', type: 'time' },
  who: { column: 'who', type: 'text' },
  what: { column: 'what', type: 'text' },
  resource: { column: 'resource', type: 'text' },
};

const auditEntry = z
  .object({ at: z.string(), who: z.string(), what: z.string(), namespace: z.string(), resource: z.string() })
  .openapi('AuditEntry');

export function serviceOperations(context: Context): readonly Operation[] {
  const { database, access, benches } = context;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  return [
    operation({
      id: 'healthz_service_get_healthz',
      method: 'get',
      path: '/apis/v2beta1/healthz',
      summary: 'Tells whether the server and its database answer',
      needsToken: false,
      answer: healthz,
      async handle() {
        await database.selectFrom('experiments').select('experiment_id').limit(1).execute();
        const { ports } = await benches.open(benches.rootFor('', ''));
        return {
          multi_user: access.multiUser,
          pipeline_store: 'database',
          ferrule: { version: context.version, runner: ports.runner.name },
        };
      },
    }),
    operation({
      id: 'auth_service_authorize',
      method: 'get',
      path: '/apis/v2beta1/auth',
      summary: 'Tells whether the caller may work in a namespace',
      query: z.object({
        namespace: z.string().optional(),
        resources: z.string().optional(),
        verb: z.string().optional(),
      }),
      answer: empty,
      handle: async ({ query, who }) => {
        namespaceOf(who, query.namespace);
        return {};
      },
    }),
    operation({
      id: 'audit_list',
      method: 'get',
      path: '/apis/v2beta1/audit',
      summary: 'Lists who did what in a namespace',
      query: z.object({ ...pageQuery, namespace: z.string().optional() }),
      answer: z
        .object({ entries: z.array(auditEntry), total_size: z.number().int(), next_page_token: z.string() })
        .openapi('ListAuditResponse'),
      async handle({ query, who }) {
        const namespace = namespaceOf(who, query.namespace);
        const page = await listPage(
          database,
          { table: 'audit', key: 'audit_id', fields: auditFields, where: { namespace } },
          query,
        );
        return {
          entries: page.rows.map(({ at, who: name, what, resource }) => ({
            at: new Date(at).toISOString(),
            who: name,
            what,
            namespace,
            resource,
          })),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    streamed({
      id: 'metrics',
      method: 'get',
      path: '/metrics',
      summary: 'Figures for Prometheus',
      answer: 'text/plain',
      async handle() {
        const counted = await database
          .selectFrom('runs')
          .select((select) => select.fn.countAll<number>().as('count'))
          .where('state', '=', 'PENDING')
          .executeTakeFirstOrThrow();
        const text = context.metrics.text({
          runs_active: context.drives.active(),
          runs_pending: counted.count,
          event_loop_delay_p99_seconds: delay.percentile(99) / 1e9,
          event_loop_delay_max_seconds: delay.max / 1e9,
          process_resident_memory_bytes: process.memoryUsage.rss(),
        });
        delay.reset();
        return new Response(text, {
          headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        });
      },
    }),
  ];
}
