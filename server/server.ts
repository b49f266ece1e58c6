/** The server: KFP's API v2beta1 over Ferrule's engine and run store, in one process. */
import { randomUUID } from 'node:crypto';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { InfrastructureError, messageOf, UserError } from '../errors/index.ts';
import { allOperations } from './api/index.ts';
import type { Context } from './context.ts';
import { createApp } from './http/app.ts';
import { openAccess } from './http/access.ts';
import { readCertificate, watchCertificate } from './http/certificate.ts';
import { openMetrics } from './http/metrics.ts';
import { openPressure } from './http/pressure.ts';
import { rateLimit } from './http/rate-limit.ts';
import { isLoopback } from './http/strangers.ts';
import { resolveOptions, type ServerOptions } from './options.ts';
import type { ServerParts } from './parts.ts';
import { openBenches } from './runs/benches.ts';
import { startDrives } from './runs/drives.ts';
import { openViews } from './runs/views.ts';
import { startScheduler } from './schedule/scheduler.ts';
import { openTables } from './store/database.ts';
import { openSpecs } from './store/specs.ts';

export interface RunningServer {
  readonly url: string;
  /** Takes no more requests, lets go of the runs, and ends. What runs on a platform of its own goes on. */
  close(): Promise<void>;
}

/**
 * Starts the server, and takes up the runs that the one before it left.
 * @throws UserError FER9002 for an address that others reach, without tokens
 */
export async function startServer(
  parts: ServerParts,
  given: ServerOptions,
  version: string,
): Promise<RunningServer> {
  const options = resolveOptions(given);
  if (options.tokens === undefined && !isLoopback(options.host))
    throw new UserError('FER9002', {
      problem: `at ${options.host} others could reach the server, and start programs on this machine`,
      fix: 'name a file of tokens with --tokens, or leave --host out',
    });
  const log = (fields: Readonly<Record<string, unknown>>): void =>
    parts.writeLog(JSON.stringify({ at: new Date().toISOString(), ...fields }));
  const tellFault = (problem: string): void => log({ kind: 'fault', message: problem });
  const access = openAccess(options.tokens, tellFault);
  const certificate = options.tls && readCertificate(options.tls);
  const database = await openTables(parts.database);
  const specs = openSpecs(database);
  const metrics = openMetrics();
  const pressure = openPressure();
  const benches = openBenches(parts.openBench, options);
  // One that cannot be opened shows here, not with the first run.
  await benches.open(benches.rootFor('', ''));
  const views = openViews(benches, specs);
  const { maxRuns } = options;
  const drives = startDrives({
    database,
    benches,
    specs,
    metrics,
    maxRuns,
    quiet: () => pressure.quiet(),
    concurrency: parts.concurrency,
    log,
    onEnd: ({ recurring_run_id: recurring }) => {
      if (recurring !== '') scheduler.wake();
    },
  });
  const scheduler = startScheduler({
    database,
    benches,
    specs,
    drives,
    log,
    timeZone: options.timeZone,
    settle: () => parts.database.settle(),
  });
  const context: Context = {
    database,
    parts,
    options,
    access,
    specs,
    benches,
    views,
    drives,
    metrics,
    version,
    wakeSchedule: () => scheduler.wake(),
  };
  const app = createApp({
    operations: allOperations(context),
    options,
    access,
    limit: rateLimit(options.rate, options.burst),
    metrics,
    pressure,
    version,
    log,
    async audit(who, what, namespace, resource) {
      await database
        .insertInto('audit')
        .values({ audit_id: randomUUID(), at: Date.now(), who, namespace, what, resource })
        .execute();
    },
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(certificate && { createServer: createTlsServer, serverOptions: certificate }),
  });
  const unwatch =
    options.tls &&
    watchCertificate(options.tls, (changed) => (server as TlsServer).setSecureContext(changed), tellFault);
  const url = await new Promise<string>((listening, failed) => {
    server.on('error', (error) =>
      failed(
        new InfrastructureError('FER9003', {
          problem: `the server cannot listen at ${options.host}:${options.port}: ${messageOf(error)}`,
          fix: 'end what listens there, or name another port with --port',
          retryable: false,
          cause: error,
        }),
      ),
    );
    server.listen(options.port, options.host, () => {
      const { port } = server.address() as AddressInfo;
      listening(
        `${certificate === undefined ? 'http' : 'https'}://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
      );
    });
  });
  log({
    kind: 'listening',
    url,
    database: parts.database.kind,
    root: options.root,
    multiUser: access.multiUser,
  });
  drives.wake();
  scheduler.wake();
  let closing: Promise<void> | undefined;
  return {
    url,
    close() {
      closing ??= (async () => {
        const closed = new Promise<void>((done) => server.close(() => done()));
        if ('closeIdleConnections' in server) server.closeIdleConnections();
        unwatch?.();
        scheduler.stop();
        await drives.release();
        // Whoever still follows a log is not waited for.
        if ('closeAllConnections' in server) server.closeAllConnections();
        await closed;
        await benches.close();
        await database.destroy();
        await parts.database.close();
        log({ kind: 'closed' });
      })();
      return closing;
    },
  };
}
