/** Finds the digests that base images have in their registries. */
import type Docker from 'dockerode';
import { isDigest, type Digest } from '../spec/index.ts';
import { messageOf, UserError } from '../errors/index.ts';
import { credentialsFor } from './credentials.ts';
import type { Environment } from './engine.ts';
import { readReference } from './reference.ts';

/**
 * Asks the registries for the digests of images, through the engine.
 * @param bases references with tags; those that name a digest are left out of the result
 * @throws UserError FER6109 where a registry does not know one, or cannot be reached
 */
export async function findDigests(
  docker: Docker,
  bases: readonly string[],
  env: Environment,
): Promise<Readonly<Record<string, Digest>>> {
  const found: Record<string, Digest> = {};
  for (const base of new Set(bases)) {
    const read = readReference(base);
    if (read?.digest !== undefined) continue;
    const authconfig = await credentialsFor(read?.registry, env);
    try {
      const { Descriptor } = await docker.getImage(base).distribution({ authconfig });
      if (!isDigest(Descriptor.digest)) throw new Error(`its registry gave no digest`);
      found[base] = Descriptor.digest;
    } catch (error) {
      throw new UserError('FER6109', {
        problem: `the digest of the base ${base} cannot be found: ${messageOf(error)}`,
        fix: 'look whether the Docker engine reaches its registry, and may read it; a base of this machine alone has no digest',
        cause: error,
      });
    }
  }
  return found;
}
