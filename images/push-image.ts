/** Pushes an image to its registry. */
import type Docker from 'dockerode';
import { InfrastructureError, messageOf, UserError } from '../errors/index.ts';
import { isDigest, type Digest } from '../spec/index.ts';
import { Transfers, type EngineMessage, type OnProgress } from './build-progress.ts';
import { credentialsFor } from './credentials.ts';
import { engineGone, isBrokenConnection, type Environment } from './engine.ts';
import { followMessages } from './follow.ts';
import { readReference } from './reference.ts';

export interface PushOptions {
  readonly env: Environment;
  /** The image's name, for progress. */
  readonly name: string;
  readonly onProgress: OnProgress;
}

/**
 * Pushes an image.
 * @returns the digest that the registry gave it
 * @throws UserError FER6102 where the registry refuses it, InfrastructureError FER6102 where it cannot be reached
 */
export async function pushImage(docker: Docker, reference: string, options: PushOptions): Promise<Digest> {
  const { env, name, onProgress } = options;
  const registry = readReference(reference)?.registry;
  const authconfig = await credentialsFor(registry, env);
  let digest: string | undefined;
  let failed: EngineMessage | undefined;
  try {
    const stream = await docker.getImage(reference).push({ authconfig });
    const transfers = new Transfers();
    await followMessages(docker, stream, (message) => {
      if (message.error !== undefined) failed ??= message;
      digest = message.aux?.Digest ?? digest;
      if (transfers.take(message))
        onProgress({
          image: name,
          kind: 'transfer',
          doing: 'pushing',
          done: transfers.done,
          of: transfers.of,
        });
    });
  } catch (error) {
    if (isBrokenConnection(error)) throw engineGone(reference, messageOf(error));
    throw pushFailure(reference, messageOf(error), registry);
  }
  if (failed !== undefined)
    throw pushFailure(reference, failed.errorDetail?.message ?? failed.error ?? '', registry);
  if (digest === undefined || !isDigest(digest)) throw engineGone(reference, 'it told no digest');
  return digest;
}

function pushFailure(
  reference: string,
  message: string,
  registry = 'Docker Hub',
): UserError | InfrastructureError {
  const problem = `${reference} could not be pushed: ${message}`;
  const login =
    registry.endsWith('pkg.dev') || registry.endsWith('gcr.io')
      ? `gcloud auth configure-docker ${registry}`
      : `docker login ${registry === 'Docker Hub' ? '' : registry}`.trimEnd();
  if (/unauthorized|denied|authentication|no basic auth|forbidden|Unauthenticated/i.test(message))
    return new UserError('FER6102', { problem, fix: `${login}; and you must be allowed to write there` });
  if (/name unknown|not found|does not exist|NAME_UNKNOWN/i.test(message))
    return new UserError('FER6102', { problem, fix: `make the repository in ${registry} first` });
  if (/server gave HTTP response to HTTPS client/.test(message))
    return new UserError('FER6102', {
      problem,
      fix: `the registry speaks plain http: list ${registry} under insecure-registries in the engine's daemon.json`,
    });
  return new InfrastructureError('FER6102', {
    problem,
    fix: `look whether ${registry} can be reached from the Docker engine, then push again: what was pushed is kept`,
    retryable: true,
  });
}
