/** The runtime image: what stages files for other containers in pods, and drives detached runs. */
import { UserError } from '../errors/index.ts';
import { runtimeDockerfile } from './generated-dockerfile.ts';
import type { ImagePlan } from './image-plan.ts';
import { readReference, writeReference } from './reference.ts';

/**
 * Plans the runtime image.
 * @param reference what it is to be called. @default `ferrule`, for this machine alone
 * @throws UserError FER6103 where the reference is malformed, or names a digest
 */
export function planRuntimeImage(reference = 'ferrule'): ImagePlan {
  const read = readReference(reference);
  if (read === undefined || read.digest !== undefined)
    throw new UserError('FER6103', {
      problem: `the runtime image cannot be called "${reference}"`,
      fix: 'write REGISTRY/REPOSITORY/ferrule:TAG in FERRULE_IMAGE, or as runtimeImage in cluster.yaml',
    });
  return {
    name: 'ferrule',
    variant: 'cpu',
    reference: writeReference(read),
    uriFrom: 'FERRULE_IMAGE',
    components: [],
    dockerfile: runtimeDockerfile(),
  };
}
