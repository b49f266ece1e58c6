/** Gathers what an image is built of: packages, programs, bundles, and the project's files that its Dockerfile copies. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  ownPackage,
  pinBases,
  projectFiles,
  readDockerfile,
  readLockfile,
  readPins,
  type BuildArguments,
  type ComponentImage,
  type Lockfile,
} from '../compiler/index.ts';
import { UserError } from '../errors/index.ts';
import { hexOf, madeFromFile, type MadeFrom } from '../spec/index.ts';
import { contextOf, type Context, type ContextFile } from './context.ts';
import type { ImagePlan } from './image-plan.ts';
import { cutNatives, type Target } from './natives.ts';

/** Where the Dockerfile lies in a context: no file of a project has this name. */
export const dockerfileName = '.ferrule.Dockerfile';

export interface GatherOptions {
  readonly root: string;
  readonly buildArguments: BuildArguments;
  readonly target: Target;
  readonly programs: readonly ContextFile[];
}

/**
 * Gathers the context of an image.
 * @throws UserError FER6107 for a Dockerfile that leaves out what the image must hold, or copies secrets
 */
export function gatherContext(plan: ImagePlan, options: GatherOptions): Context {
  const { root, buildArguments, programs } = options;
  const { sources, bases } = readDockerfile(plan.dockerfile, buildArguments);
  const place =
    plan.dockerfilePlace === undefined ? 'the Dockerfile' : path.relative(root, plan.dockerfilePlace);
  const natives = nativeFiles(plan, bases.at(-1), options);
  const wanted = [
    'programs/',
    ...(plan.components.length > 0 ? ['bundle/'] : []),
    ...(natives.length > 0 ? ['natives/'] : []),
  ];
  for (const folder of wanted)
    if (!sources.some((source) => path.posix.join(source, '/') === folder))
      throw new UserError('FER6107', {
        problem: `${place} does not copy ${folder}, so that the image could not run its components`,
        fix: folder === 'natives/' ? 'add: COPY natives/ ./ and RUN npm ci' : `add: COPY ${folder} /`,
      });
  const copied = sources.flatMap((source) => projectFiles(root, source));
  const secret = copied.find((file) => /^\.env(?:\.(?!example$).*)?$/.test(path.basename(file)));
  if (secret !== undefined)
    throw new UserError('FER6107', {
      problem: `${place} copies ${path.relative(root, secret)}: whoever may pull the image could read it`,
      fix: 'leave it out, and name what the component needs in secretEnv',
    });
  return contextOf([
    { path: dockerfileName, content: pinBases(plan.dockerfile, readPins(root), buildArguments) },
    ...natives,
    ...programs,
    ...plan.components.flatMap(bundleFiles),
    ...copied.map((file) => ({
      path: path.relative(root, file).split(path.sep).join('/'),
      content: { file },
    })),
  ]);
}

function nativeFiles(plan: ImagePlan, base: string | undefined, options: GatherOptions): ContextFile[] {
  const { packages = [] } = plan;
  const natives = [...plan.components.flatMap(({ bundle }) => bundle.natives), ...packages];
  if (natives.length === 0) return [];
  // What Ferrule's own programs need is in the lockfile that installed Ferrule.
  const lockfile: Lockfile | undefined = readLockfile(
    packages.length > 0 ? ownPackage().folder : options.root,
  );
  const libc = libcOf(base);
  const target = { ...options.target, ...(libc !== undefined && { libc }) };
  const { manifest, lock } = cutNatives(natives, lockfile, target);
  return [
    { path: 'natives/package.json', content: manifest },
    { path: 'natives/package-lock.json', content: lock },
  ];
}

/** What a base's name tells of its C library. */
function libcOf(base = ''): 'glibc' | 'musl' | undefined {
  if (base.includes('alpine')) return 'musl';
  return /slim|debian|bookworm|bullseye|trixie|ubuntu|jammy|noble|cuda/.test(base) ? 'glibc' : undefined;
}

/**
 * A bundle keeps its whole path below `bundle/`, so that one COPY to `/` makes its folders too: a folder that the
 * engine makes by itself has the time of the build, and the layer would be another each time.
 */
function bundleFiles({ bundle, identity: { natives, recipe } }: ComponentImage): ContextFile[] {
  const target = `bundle/ferrule/bundle/${hexOf(bundle.digest)}`;
  const made: MadeFrom = { ...(natives && { natives }), ...(recipe && { recipe }) };
  const files = readdirSync(bundle.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({
      path: `${target}/${path.relative(bundle.folder, file).split(path.sep).join('/')}`,
      content: { file },
    }));
  return [...files, { path: madeFromFile(target), content: JSON.stringify(made) }];
}
