/** The images of Ferrule itself: of what works in pods, and of the server. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownPackage, type NativePackage } from '../compiler/index.ts';
import { InternalError, UserError } from '../errors/index.ts';
import { runtimeDockerfile, serverDockerfile } from './generated-dockerfile.ts';
import type { ImagePlan } from './image-plan.ts';
import { readReference, writeReference } from './reference.ts';

/**
 * Plans the runtime image: what stages files for other containers in pods, and drives detached runs.
 * @param reference what it is to be called. @default `ferrule`, for this machine alone
 * @throws UserError FER6103 where the reference is malformed, or names a digest
 */
export function planRuntimeImage(reference = 'ferrule'): ImagePlan {
  return {
    name: 'ferrule',
    variant: 'cpu',
    reference: taggable(reference, {
      what: 'runtime image',
      fix: 'write REGISTRY/REPOSITORY/ferrule:TAG in FERRULE_IMAGE, or as runtimeImage in cluster.yaml',
    }),
    uriFrom: 'FERRULE_IMAGE',
    components: [],
    programs: ['launch', 'ferrule'],
    dockerfile: runtimeDockerfile(),
  };
}

/**
 * Plans the image of the server. It holds all that the runtime image does, so that one serves for both.
 * @param reference what it is to be called. @default `ferrule-server`, for this machine alone
 * @throws UserError FER6103 where the reference is malformed, or names a digest
 */
export function planServerImage(reference = 'ferrule-server'): ImagePlan {
  return {
    name: 'ferrule-server',
    variant: 'cpu',
    reference: taggable(reference, {
      what: "server's image",
      fix: 'write REGISTRY/REPOSITORY/ferrule-server:TAG in FERRULE_SERVER_IMAGE',
    }),
    uriFrom: 'FERRULE_SERVER_IMAGE',
    components: [],
    programs: ['launch', 'server', 'worker', 'interpreter', 'pythonTask', 'pythonPackages'],
    packages: [ownDependency('libsql')],
    dockerfile: serverDockerfile(),
  };
}

function taggable(reference: string, { what, fix }: { readonly what: string; readonly fix: string }): string {
  const read = readReference(reference);
  if (read === undefined || read.digest !== undefined)
    throw new UserError('FER6103', { problem: `the ${what} cannot be called "${reference}"`, fix });
  return writeReference(read);
}

/** Finds a package that Ferrule depends on, as Node would. */
function ownDependency(name: string): NativePackage {
  for (let folder = ownPackage().folder; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return { name, folder: candidate };
    if (dirname(folder) === folder)
      throw new InternalError('FER6106', {
        problem: `the package ${name}, which the image holds, is missing from this installation`,
        fix: 'install ferrule again',
      });
  }
}
