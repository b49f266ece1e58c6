/** The Runner port on a Kubernetes cluster: one Job an attempt. */
import type { Attempt, Outcome, Runner } from '../../engine/ports.ts';
import { hasCuda } from './job/accelerator.ts';
import { claimWork } from './claim.ts';
import { sweepRun } from './attempt/delete-job.ts';
import { localInput } from './local-inputs.ts';
import { jobOptions, type KubernetesRunnerOptions } from './options.ts';
import { refusalOf } from './refuse.ts';
import { runnerFailure } from './runner-failure.ts';
import { checkAccess, hasJob, openSession, type Session } from './session.ts';
import { taskConfigOf } from './job/task-config.ts';
import { deleteWorkspace, hasWorkspace } from './workspace.ts';

/** A runner with what only a cluster has. */
export interface KubernetesRunner extends Runner {
  /**
   * Sees that the cluster can be reached and lets Jobs be made. Done before the first attempt too, so that what is
   * wrong is told as such, and a run whose tasks are all found in the cache needs no cluster.
   * @throws UserError, InfrastructureError FER6040 to FER6045
   */
  check(): Promise<void>;
  /**
   * Deletes what a run that is over left running, such as Jobs of attempts that were given up as lost; and the folder
   * that its tasks shared, unless it may still be taken up.
   * @param keepsWorkspace whether it may. @default false
   * @returns the names of the Jobs that were deleted
   */
  sweep(runId: string, keepsWorkspace?: boolean): Promise<readonly string[]>;
  /** How many requests were sent to the API server. */
  requests(): number;
}

/** Makes a runner that runs each attempt as a Kubernetes Job. Connects at first use. */
export function kubernetesRunner(options: KubernetesRunnerOptions): KubernetesRunner {
  let opening: Promise<Session> | undefined;
  let opened: Session | undefined;
  const open = async (): Promise<Session> => {
    opening ??= openSession(options);
    opened = await opening;
    return opened;
  };
  const explained = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const session = await open();
    try {
      return await work(session);
    } catch (thrown) {
      throw session.connection.explain(thrown);
    }
  };
  /** Jobs that have ended before our eyes: their status says so a moment later, and they stay to be looked at. */
  const ended = new Set<string>();
  const outcome = async (
    { name }: Attempt,
    work: (session: Session) => Promise<Outcome>,
  ): Promise<Outcome> => {
    try {
      const how = await explained(work);
      if (how.kind === 'sealed' || how.kind === 'failed') ended.add(name);
      return how;
    } catch (thrown) {
      return { kind: 'failed', failure: runnerFailure(thrown) };
    }
  };
  /** Runs whose tasks share a folder. */
  const sharing = new Set<string>();
  let checking: Promise<void> | undefined;
  const check = (): Promise<void> => {
    checking ??= explained(({ connection }) => checkAccess(connection));
    // What is wrong now may be right by the next attempt.
    checking.catch(() => (checking = undefined));
    return checking;
  };
  // What is refused does not depend on the namespace.
  const settings = jobOptions(options, options.namespace ?? 'default');

  return {
    name: 'kubernetes',
    staging: 'attempt',
    taskConfigOf: async (task) => taskConfigOf(task),
    // What a node of another kind is like, the attempt tells itself in its result.
    platform: { platform: 'linux-x64' },
    platformFor({ resources }) {
      const type = resources?.accelerator?.resourceType ?? resources?.accelerator?.type;
      return { platform: 'linux-x64', ...(hasCuda(type) && { accelerator: 'cuda' }) };
    },
    refuse: (container, identity, kubernetes) => refusalOf(container, identity, kubernetes, settings),
    start: (attempt, sink) =>
      outcome(attempt, async (session) => {
        if (hasWorkspace(attempt)) sharing.add(attempt.runId);
        const failure = localInput(attempt);
        if (failure !== undefined) return { kind: 'failed', failure };
        await check();
        return session.start(attempt, sink);
      }),
    adopt: (attempt, sink) =>
      explained(async ({ connection }) =>
        // Work without a Job is done again, which changes nothing.
        claimWork(attempt.container) !== undefined
          ? { kind: 'running', outcome: outcome(attempt, (session) => session.start(attempt, sink)) }
          : (await hasJob(connection, attempt.name))
            ? { kind: 'running', outcome: outcome(attempt, (session) => session.follow(attempt, sink)) }
            : { kind: 'absent' },
      ),
    check,
    // A run whose tasks were all found in the cache made no Jobs, and needs no cluster.
    sweep: async (runId, keepsWorkspace = false) =>
      opening === undefined
        ? []
        : explained(async ({ connection }) => {
            const deleted = await sweepRun(connection, runId, ended);
            if (sharing.has(runId) && !keepsWorkspace) await deleteWorkspace(connection, runId);
            return deleted;
          }),
    requests: () => opened?.connection.sent() ?? 0,
    async close() {
      // What could not be opened has told so already.
      const session = await opening?.catch(() => undefined);
      session?.close();
    },
  };
}
