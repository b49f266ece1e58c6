/** The Runner port on this machine: each task in a worker process that stays warm for the next. */
import { mkdir } from 'node:fs/promises';
import type { Adoption, Attempt, Failure, LogSink, Outcome, Runner } from '../../engine/ports.ts';
import { leftOutOfKubernetes, neededOfKubernetes } from '../../spec/index.ts';
import { runnerFailure } from './attempt-failure.ts';
import { usesWorkspace, withWorkspaceAt, withWorkspaceMounted } from '../../executor/workspace.ts';
import { copyIntoWorkspace } from '../../executor/keep-in-workspace.ts';
import { ownEnvironment } from '../../executor/own-environment.ts';
import { baseEnvironment } from './environment.ts';
import { bundleFinder } from './find-bundle.ts';
import { resolveOptions, type LocalRunnerOptions } from './options.ts';
import { pythonTasks } from './python/python-tasks.ts';
import { runAttempt, type Preparation } from './run-attempt.ts';
import { workerPool } from './worker-pool.ts';

/** Settings for pods that change no result of a process. */
const leftOut: ReadonlySet<string> = new Set(['imagePullPolicy', 'enabledSharedMemory']);
const doneOrLeftOut: ReadonlySet<string> = new Set(['activeDeadlineSeconds', ...leftOut]);

/**
 * Makes a runner that runs TypeScript components and lightweight Python components in processes on this machine, and
 * refuses any other container with FER6014.
 */
export function localRunner(given: LocalRunnerOptions): Runner {
  const options = resolveOptions(given);
  const base = baseEnvironment(options.env);
  const pool = workerPool({ ...options, env: base });
  const code = bundleFinder(options.bundles);
  const python = pythonTasks({ ...options.python, ...options, base });
  const running = new Map<string, Promise<Outcome>>();

  const run = async (attempt: Attempt, log: LogSink): Promise<Outcome> => {
    if (!usesWorkspace(attempt.input)) return runHere(attempt, log);
    const folder = options.workspaceOf(attempt.runId);
    await mkdir(folder, { recursive: true });
    const outcome = await runHere({ ...attempt, input: withWorkspaceAt(attempt.input, folder) }, log);
    return outcome.kind === 'succeeded'
      ? { ...outcome, output: withWorkspaceMounted(outcome.output, folder) }
      : outcome;
  };
  const runHere = async (attempt: Attempt, log: LogSink): Promise<Outcome> => {
    const { identity } = attempt;
    if (python.knows(attempt.container)) return python.run(attempt, log);
    if (identity === undefined) return { kind: 'failed', failure: needsContainer(attempt.container.image) };
    let preparation: Preparation;
    try {
      const own = ownEnvironment(attempt.container, identity, options.env);
      preparation = { own, base, identity, bundle: await code.folderOf(identity) };
    } catch (thrown) {
      return { kind: 'failed', failure: runnerFailure(thrown) };
    }
    return runAttempt({ attempt, preparation, log, pool, options });
  };

  return {
    name: 'local',
    staging: 'driver',
    platform: {
      platform: `${process.platform}-${process.arch}`,
      node: process.versions.node,
      ...(options.accelerator !== undefined && { accelerator: options.accelerator }),
    },
    refuse(container, identity, kubernetes) {
      if (identity === undefined && !python.knows(container)) return needsContainer(container.image);
      const needed = neededOfKubernetes(kubernetes, doneOrLeftOut);
      return needed === undefined ? undefined : needsKubernetes(needed);
    },
    async lacks(identity) {
      try {
        await code.folderOf(identity);
        return undefined;
      } catch (thrown) {
        return runnerFailure(thrown);
      }
    },
    leavesOut: (_container, kubernetes) => leftOutOfKubernetes(kubernetes, leftOut),
    environmentOf: async (container, making) =>
      python.knows(container) ? python.environmentOf(container, making) : undefined,
    // A worker hands over what a component of ours returns, and makes a folder for what it asks to write aside.
    usesPlaces: (container) => python.knows(container),
    keepInWorkspace: (runId, artifact, from) => copyIntoWorkspace(options.workspaceOf(runId), artifact, from),
    start(attempt, log) {
      const known = running.get(attempt.name);
      if (known !== undefined) return known;
      const outcome = run(attempt, log).finally(() => running.delete(attempt.name));
      running.set(attempt.name, outcome);
      return outcome;
    },
    // Workers end with the runner that started them, so another driver's attempt is never found.
    adopt: async (attempt): Promise<Adoption> => {
      const outcome = running.get(attempt.name);
      return outcome === undefined ? { kind: 'absent' } : { kind: 'running', outcome };
    },
    async close() {
      await Promise.all([pool.close(), python.close()]);
      await code.close();
    },
  };
}

function needsContainer(image: string): Failure {
  return {
    code: 'FER6014',
    kind: 'user',
    problem: `it is neither a TypeScript nor a lightweight Python component, and no Docker engine answers to run its image ${image}`,
    fix: 'start Docker, which then runs it, or run the pipeline with --runner kubernetes',
    retryable: false,
  };
}

function needsKubernetes(needed: string): Failure {
  return {
    code: 'FER6026',
    kind: 'user',
    problem: `it needs ${needed}, which a process of this machine does not have`,
    fix: 'run it on a cluster with --runner kubernetes',
    retryable: false,
  };
}
