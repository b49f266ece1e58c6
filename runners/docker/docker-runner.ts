/** The Runner port on the Docker engine of this machine: each attempt in a container of its own. */
import {
  type Adoption,
  type Attempt,
  type AttemptSink,
  type Outcome,
  type Runner,
} from '../../engine/ports.ts';
import { copyIntoWorkspace } from '../../executor/keep-in-workspace.ts';
import { neededOfKubernetes } from '../../spec/index.ts';
import { runnerFailure } from './attempt-failure.ts';
import { containerRequest } from './container-request.ts';
import { engineConnection } from './engine.ts';
import { images } from './images.ts';
import { resolveOptions, type DockerRunnerOptions } from './options.ts';
import { supported } from './platform-settings.ts';
import { findContainer, startContainer } from './start-container.ts';
import { watchContainer } from './watch-container.ts';

/** Makes a runner of containers. Nothing is connected before the first attempt. */
export function dockerRunner(given: DockerRunnerOptions): Runner {
  const options = resolveOptions(given);
  const connection = engineConnection(options.env);
  const known = images(options);
  const running = new Map<string, Promise<Outcome>>();
  const platform = { platform: `linux-${process.arch}` };

  const run = async (attempt: Attempt, sink: AttemptSink): Promise<Outcome> => {
    const { identity, signal } = attempt;
    const waiting = (reason: string): void => sink.progress({ kind: 'waiting', reason });
    try {
      if (signal.aborted) return { kind: 'cancelled' };
      const engine = await connection.get();
      const request = containerRequest(attempt, engine, options);
      await known.provide(engine, { image: request.image, pull: request.pull, identity, signal, waiting });
      // A container that is not there yet has nothing that could go on elsewhere.
      if (signal.aborted) return { kind: 'cancelled' };
      const started = await startContainer(attempt, request.create, engine);
      if (started.kind === 'failed') return started;
      return await watchContainer({
        container: started.container,
        attempt,
        request,
        sink,
        connection,
        options,
      });
    } catch (thrown) {
      return { kind: 'failed', failure: runnerFailure(thrown) };
    }
  };

  const remember = (name: string, outcome: Promise<Outcome>): Promise<Outcome> => {
    const kept = outcome.finally(() => running.delete(name));
    running.set(name, kept);
    return kept;
  };

  return {
    name: 'docker',
    staging: 'driver',
    platform,
    platformFor: ({ resources }) =>
      resources?.accelerator === undefined || options.accelerator === undefined
        ? platform
        : { ...platform, accelerator: options.accelerator },
    refuse(container, _identity, kubernetes) {
      const needed = container.image.startsWith('argostub/')
        ? `a volume claim (${container.image})`
        : neededOfKubernetes(kubernetes, supported);
      if (needed === undefined) return undefined;
      return {
        code: 'FER6021',
        kind: 'user',
        problem: `it needs ${needed}, which Docker does not have`,
        fix: 'run it on a cluster with --runner kubernetes',
        retryable: false,
      };
    },
    keepInWorkspace: (runId, artifact, from) => copyIntoWorkspace(options.workspaceOf(runId), artifact, from),
    resolveImage: async (image) => known.resolve(await connection.get(), image),
    start: (attempt, sink) => running.get(attempt.name) ?? remember(attempt.name, run(attempt, sink)),
    async adopt(attempt, sink): Promise<Adoption> {
      const here = running.get(attempt.name);
      if (here !== undefined) return { kind: 'running', outcome: here };
      const engine = await connection.get();
      const container = await findContainer(attempt, engine.docker);
      if (container === undefined) return { kind: 'absent' };
      const request = containerRequest(attempt, engine, options);
      const outcome = watchContainer({ container, attempt, request, sink, connection, options });
      return { kind: 'running', outcome: remember(attempt.name, outcome) };
    },
    close: async () => undefined,
  };
}
