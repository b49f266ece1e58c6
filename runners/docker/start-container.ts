/** Makes and starts the container of an attempt, or finds the one that another driver started. */
import type Dockerode from 'dockerode';
import type { Attempt, Failure } from '../../engine/ports.ts';
import { FerruleError, UserError } from '../../errors/index.ts';
import { startFailure } from './attempt-failure.ts';
import { joinOutputs, labels } from './container-request.ts';
import type { Engine } from './engine.ts';
import { isGone, statusOf, wordsOf } from './engine-error.ts';
import { removeContainer } from './watch-container.ts';

export type Started =
  | { readonly kind: 'started'; readonly container: Dockerode.Container }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Starts a container under the attempt's name. Where the name is taken by this very attempt, that one is taken.
 * @throws what the engine says where it goes away, UserError FER6025 where the name is somebody else's
 */
export async function startContainer(
  attempt: Attempt,
  create: Dockerode.ContainerCreateOptions,
  engine: Engine,
): Promise<Started> {
  let container: Dockerode.Container;
  try {
    container = await madeOrFound(attempt, create, engine);
  } catch (thrown) {
    if (thrown instanceof FerruleError || isGone(thrown)) throw thrown;
    return { kind: 'failed', failure: startFailure(thrown, programOf(create)) };
  }
  try {
    if (await lacksShell(container, create)) {
      await removeContainer(container);
      container = await madeOrFound(attempt, withoutShell(create), engine);
    }
    await container.start();
    return { kind: 'started', container };
  } catch (thrown) {
    // 304: it runs already.
    if (statusOf(thrown) === 304) return { kind: 'started', container };
    if (isGone(thrown)) throw thrown;
    await removeContainer(container);
    const other = withoutCard(create, wordsOf(thrown));
    if (other !== undefined) return startContainer(attempt, other, engine);
    return { kind: 'failed', failure: startFailure(thrown, programOf(create)) };
  }
}

async function madeOrFound(
  attempt: Attempt,
  create: Dockerode.ContainerCreateOptions,
  { docker }: Engine,
): Promise<Dockerode.Container> {
  try {
    return await docker.createContainer(create);
  } catch (thrown) {
    if (statusOf(thrown) !== 409) throw thrown;
    return (await findContainer(attempt, docker)) ?? docker.createContainer(create);
  }
}

/**
 * Finds the container of an attempt; undefined where there is none that can still tell its outcome. One that was made
 * and never started, because its driver died in between, is removed.
 * @throws UserError FER6025 where the name is somebody else's
 */
export async function findContainer(
  attempt: Attempt,
  docker: Dockerode,
): Promise<Dockerode.Container | undefined> {
  const container = docker.getContainer(attempt.name);
  try {
    const { Config, State } = await container.inspect();
    if (Config.Labels[labels.run] !== attempt.runId || Config.Labels[labels.task] !== attempt.task)
      throw new UserError('FER6025', {
        problem: `a container that is not of this run has the name ${attempt.name}`,
        fix: `remove it: docker rm --force ${attempt.name}`,
      });
    if (State.Status === 'created') await removeContainer(container);
    return ['created', 'removing', 'dead'].includes(State.Status) ? undefined : container;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw thrown;
  }
}

/** Asks for no graphics card where the engine has none to give; undefined where that is not the trouble. */
function withoutCard(
  create: Dockerode.ContainerCreateOptions,
  words: string,
): Dockerode.ContainerCreateOptions | undefined {
  const { DeviceRequests, ...host } = create.HostConfig ?? {};
  if (DeviceRequests !== undefined && /could not select device driver|nvidia-container|CDI/i.test(words)) {
    const note =
      'ferrule: this Docker engine has no NVIDIA card to give: the task runs without its accelerator';
    const notes = JSON.parse(create.Labels?.[labels.notes] ?? '[]') as readonly string[];
    const Labels = { ...create.Labels, [labels.notes]: JSON.stringify([...notes, note]) };
    return { ...create, HostConfig: host, Labels };
  }
  return undefined;
}

/** Whether the shell that joins a component's outputs is not in its image. */
async function lacksShell(
  container: Dockerode.Container,
  { Entrypoint }: Dockerode.ContainerCreateOptions,
): Promise<boolean> {
  if (!isJoined([Entrypoint ?? []].flat())) return false;
  try {
    const answer = (await container.infoArchive({ path: '/bin/sh' })) as { destroy(): void };
    // The answer is in its headers; left open, its connection would keep this process.
    answer.destroy();
    return false;
  } catch (thrown) {
    if (isGone(thrown)) throw thrown;
    return statusOf(thrown) === 404;
  }
}

function withoutShell(create: Dockerode.ContainerCreateOptions): Dockerode.ContainerCreateOptions {
  return { ...create, Entrypoint: [create.Entrypoint ?? []].flat().slice(joinOutputs.length) };
}

function isJoined(entry: readonly string[]): boolean {
  return joinOutputs.every((part, index) => entry[index] === part);
}

/** The program, without the shell before it. */
function programOf({ Entrypoint, Cmd }: Dockerode.ContainerCreateOptions): string[] {
  const entry = [Entrypoint ?? []].flat();
  return [...(isJoined(entry) ? entry.slice(joinOutputs.length) : entry), ...(Cmd ?? [])];
}
