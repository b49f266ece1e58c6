/** A connection to one cluster, and the runs that are watched through it. */
import * as z from 'zod';
import { released, type Attempt, type AttemptSink, type Outcome } from '../../engine/ports.ts';
import { ApiError } from './api/api-error.ts';
import { claimWork, workOnClaim } from './claim.ts';
import { openAccess } from './api/cluster-access.ts';
import { openConnection, type Connection } from './api/connection.ts';
import { createJob } from './attempt/create-job.ts';
import { deleteJob } from './attempt/delete-job.ts';
import { findJob } from './attempt/find-job.ts';
import { followAttempt } from './attempt/follow-attempt.ts';
import { jobFor } from './job/job.ts';
import { jobOptions, type JobOptions, type KubernetesRunnerOptions } from './options.ts';
import { watchRun, type RunView } from './attempt/run-view.ts';
import { hasWorkspace, makeWorkspace } from './workspace.ts';

export interface Session {
  readonly connection: Connection;
  /** Makes the Job of an attempt, where it is not made yet, and follows it to its end. */
  start(attempt: Attempt, sink: AttemptSink): Promise<Outcome>;
  /** Follows the Job of an attempt. */
  follow(attempt: Attempt, sink: AttemptSink): Promise<Outcome>;
  close(): void;
}

/** Milliseconds beyond the grace period after which a pod is given up that was told to go. */
const leaveReserve = 30_000;

/** Opens a session; the first request tells whether the cluster is there. */
export async function openSession(options: KubernetesRunnerOptions): Promise<Session> {
  const access = await openAccess(options);
  const connection = openConnection(access, options.client);
  const settings = jobOptions(options, access.namespace);
  const views = new Map<string, RunView>();
  const viewOf = (runId: string): RunView => {
    const view = views.get(runId) ?? watchRun(connection, runId);
    views.set(runId, view);
    return view;
  };
  const follow = (attempt: Attempt, sink: AttemptSink): Promise<Outcome> =>
    followAttempt({
      connection,
      view: viewOf(attempt.runId),
      attempt,
      sink,
      limits: {
        setup: (options.setupTimeout ?? 120) * 1000,
        ...(options.waitingTimeout !== undefined && { place: options.waitingTimeout * 1000 }),
      },
      leaveLimit: settings.gracePeriod * 1000 + leaveReserve,
    });
  return {
    connection,
    follow,
    start: (attempt, sink) => start(connection, settings, attempt, sink, follow),
    close() {
      for (const view of views.values()) view.close();
      connection.close();
    },
  };
}

async function start(
  connection: Connection,
  settings: JobOptions,
  attempt: Attempt,
  sink: AttemptSink,
  follow: Session['follow'],
): Promise<Outcome> {
  if (attempt.signal.aborted) return { kind: 'cancelled' };
  const work = claimWork(attempt.container);
  if (work !== undefined) return workOnClaim(connection, work, attempt, sink);
  if (hasWorkspace(attempt)) await makeWorkspace(connection, attempt);
  const made = await createJob(connection, jobFor(attempt, settings), attempt, sink);
  if (made !== 'cancelled') return follow(attempt, sink);
  // The request may have arrived before it was given up.
  if (attempt.signal.reason !== released)
    await deleteJob(connection, attempt.name, 'Background').catch(() => false);
  return { kind: 'cancelled' };
}

/** Tells whether the Job of an attempt is there, and is to stay. */
export async function hasJob(connection: Connection, name: string): Promise<boolean> {
  const job = await findJob(connection, name);
  return job !== undefined && job.metadata.deletionTimestamp === undefined;
}

const reviewSchema = z.object({
  status: z.object({ allowed: z.boolean(), reason: z.string().default('') }),
});

/**
 * Sees that the cluster answers and lets this user make Jobs there.
 * @throws ApiError
 */
export async function checkAccess(connection: Connection): Promise<void> {
  await connection
    .call({ what: 'get namespaces', path: `/api/v1/namespaces/${connection.namespace}` })
    .catch((thrown: unknown) => {
      // Few roles may read namespaces; one that is missing shows in what follows.
      if (!(thrown instanceof ApiError) || thrown.status !== 403) throw thrown;
    });
  const answer = await connection.call({
    what: 'create selfsubjectaccessreviews',
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          namespace: connection.namespace,
          group: 'batch',
          resource: 'jobs',
          verb: 'create',
        },
      },
    },
  });
  const { status } = reviewSchema.parse(answer);
  if (!status.allowed)
    throw new ApiError('create jobs', status.reason === '' ? 'no role allows it' : status.reason, {
      status: 403,
    });
}
