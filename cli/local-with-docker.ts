/** The runner of this machine: components in processes, and any other container by its Docker engine, if it has one. */
import type { Attempt, Runner } from '../engine/ports.ts';
import { readIdentity, type ContainerSpec } from '../spec/index.ts';

/**
 * Joins a runner of processes with one of containers: who runs a container follows from the container alone, so that
 * whoever takes a run over asks the same one.
 * @param local refuses what it does not run with FER6014
 * @param docker undefined where no engine answers: then that refusal stands
 */
export function localWithDocker(local: Runner, docker: Runner | undefined): Runner {
  if (docker === undefined) return local;
  const known = new WeakMap<ContainerSpec, Runner>();
  const runnerOf = (container: ContainerSpec): Runner => {
    const needsImage = (): boolean =>
      local.refuse(container, readIdentity(container), undefined)?.code === 'FER6014';
    const runner = known.get(container) ?? (needsImage() ? docker : local);
    known.set(container, runner);
    return runner;
  };
  const ofAttempt = ({ container }: Attempt): Runner => runnerOf(container);
  return {
    ...local,
    platformFor: (container) => {
      const runner = runnerOf(container);
      return runner.platformFor?.(container) ?? runner.platform;
    },
    refuse: (container, identity, kubernetes) => runnerOf(container).refuse(container, identity, kubernetes),
    leavesOut: (container, kubernetes) => runnerOf(container).leavesOut?.(container, kubernetes) ?? [],
    ...(docker.resolveImage && { resolveImage: docker.resolveImage.bind(docker) }),
    environmentOf: async (container, making) => runnerOf(container).environmentOf?.(container, making),
    usesPlaces: (container) => runnerOf(container).usesPlaces?.(container) ?? true,
    start: (attempt, sink) => ofAttempt(attempt).start(attempt, sink),
    adopt: (attempt, sink) => ofAttempt(attempt).adopt(attempt, sink),
    async close() {
      await Promise.all([local.close(), docker.close()]);
    },
  };
}
