/** Images on this machine, and how they get here. */
import type { ComponentIdentity } from '../../spec/index.ts';
import { FerruleError, InfrastructureError, UserError } from '../../errors/index.ts';
import type { Engine } from './engine.ts';
import { isGone, statusOf, wordsOf } from './engine-error.ts';
import type { ResolvedOptions } from './options.ts';
import type { ContainerSettings } from './platform-settings.ts';

interface Wanted {
  readonly image: string;
  /** Of our own component, where it is one. */
  readonly identity: ComponentIdentity | undefined;
  readonly pull: ContainerSettings['pull'];
  readonly signal: AbortSignal;
  /** Told what is awaited, in words. */
  readonly waiting: (reason: string) => void;
}

export interface Images {
  /**
   * Sees to it that an image is here. One that several tasks wait for is pulled once.
   * @throws UserError or InfrastructureError FER6023 where it is not here and cannot be pulled
   */
  provide(engine: Engine, wanted: Wanted): Promise<void>;
  /** Names an image by its digest; undefined where nobody can tell. */
  resolve(engine: Engine, image: string): Promise<string | undefined>;
}

/** A pull that others may wait for too. */
interface Pull {
  readonly done: Promise<void>;
  readonly listeners: Set<(reason: string) => void>;
}

/** How long a registry has to tell a digest, in milliseconds. */
const registryPatience = 5000;

export function images(options: ResolvedOptions): Images {
  const pulls = new Map<string, Pull>();

  const pull = (engine: Engine, image: string): Pull => {
    const listeners = new Set<(reason: string) => void>();
    const tell = (reason: string): void => listeners.forEach((listener) => listener(reason));
    const done = pullImage(engine, image, options, tell).finally(() => pulls.delete(image));
    const started = { done, listeners };
    pulls.set(image, started);
    return started;
  };

  return {
    async provide(engine, { image, identity, pull: policy, signal, waiting }) {
      if (policy !== 'always' && (await isHere(engine, image))) return;
      if (policy === 'never') throw absent(image, 'and its pull policy is Never', `docker pull ${image}`);
      if (identity !== undefined && identity.payload === undefined && !image.includes('/'))
        throw absent(image, 'under that name', `ferrule build ${image.replace(/:latest$/, '')}`);
      const known = pulls.get(image) ?? pull(engine, image);
      known.listeners.add(waiting);
      waiting(`pulling image ${image}`);
      const over = new AbortController();
      try {
        await Promise.race([known.done, aborted(signal, over.signal)]);
      } finally {
        over.abort();
        known.listeners.delete(waiting);
      }
    },
    async resolve(engine, image) {
      if (image.includes('@')) return image;
      const repository = repositoryOf(image);
      try {
        const { RepoDigests: digests } = await engine.docker.getImage(image).inspect();
        return digests.find((digest) => digest.startsWith(`${repository}@`)) ?? digests[0];
      } catch (thrown) {
        if (statusOf(thrown) !== 404) return undefined;
      }
      const authconfig = await options.credentials(registryOf(image));
      const told = engine.docker.getImage(image).distribution({
        ...(authconfig && { authconfig }),
        abortSignal: AbortSignal.timeout(registryPatience),
      });
      const digest = (await told.catch(() => undefined))?.Descriptor.digest;
      return digest === undefined ? undefined : `${repository}@${digest}`;
    },
  };
}

/** An image without a digest or tag would be pulled in all its versions. */
function tagged(image: string): string {
  return image.includes('@') || /:[^/]+$/.test(image) ? image : `${image}:latest`;
}

function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]+$/, '');
}

/** The host that an image is pulled from: the first part of its name, where that can be a host. */
function registryOf(image: string): string {
  const [host = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(host) ? host : 'docker.io';
}

async function isHere(engine: Engine, image: string): Promise<boolean> {
  try {
    await engine.docker.getImage(image).inspect();
    return true;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return false;
    throw thrown;
  }
}

/** One line of a pull's progress. */
interface PullEvent {
  readonly error?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

async function pullImage(
  { docker }: Engine,
  image: string,
  options: ResolvedOptions,
  tell: (reason: string) => void,
): Promise<void> {
  const registry = registryOf(image);
  try {
    const authconfig = await options.credentials(registry);
    const stream = await docker.pull(tagged(image), authconfig && { authconfig });
    const progress = pullProgress();
    let failure: string | undefined;
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error) => (error === null ? resolve() : reject(error)),
        (event: PullEvent) => {
          // A failed pull ends its stream like any other: the failure is a line in it.
          failure ??= event.error;
          const share = progress(event);
          if (share !== undefined) tell(`pulling image ${image}: ${share} %`);
        },
      );
    });
    if (failure !== undefined) throw pullFailure(image, registry, failure);
  } catch (thrown) {
    if (thrown instanceof FerruleError || isGone(thrown)) throw thrown;
    throw pullFailure(image, registry, wordsOf(thrown), thrown);
  }
}

/** Says how much of an image is here, in steps of ten percent; undefined where there is nothing new to say. */
function pullProgress(): (event: PullEvent) => number | undefined {
  const layers = new Map<string, { current: number; total: number }>();
  let told = 0;
  return ({ id, progressDetail }) => {
    const { current, total } = progressDetail ?? {};
    if (id === undefined || current === undefined || total === undefined) return undefined;
    layers.set(id, { current, total });
    const sum = [...layers.values()].reduce(
      (whole, layer) => ({ current: whole.current + layer.current, total: whole.total + layer.total }),
      { current: 0, total: 1 },
    );
    const share = Math.floor((10 * sum.current) / sum.total) * 10;
    if (share <= told) return undefined;
    told = share;
    return share;
  };
}

function absent(image: string, how: string, fix: string): UserError {
  return new UserError('FER6023', {
    problem: `the image ${image} is not on this machine ${how}`,
    fix: `make it: ${fix}`,
  });
}

function pullFailure(image: string, registry: string, words: string, cause?: unknown): FerruleError {
  const isDenied = /denied|unauthorized|authentication required|no basic auth/i.test(words);
  const isUnknown = /not found|manifest unknown|does not exist|invalid reference/i.test(words);
  const isNetwork =
    !isUnknown &&
    /timeout|no such host|connection|network|TLS|x509|dial tcp|EOF|server misbehaving/i.test(words);
  const facts = { problem: `the image ${image} cannot be pulled: ${words}`, cause };
  if (isNetwork)
    return new InfrastructureError('FER6023', {
      ...facts,
      fix: `see whether this machine reaches ${registry}; docker pull ${image} says more`,
      retryable: true,
    });
  return new UserError('FER6023', {
    ...facts,
    fix: isDenied
      ? `log in with docker login ${registry}, and see whether the image exists`
      : `see whether the name and tag are right; an image of your own is pushed with ferrule build --push`,
  });
}

/** Waits for an abort, until it does not matter any more. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over }),
  );
}
