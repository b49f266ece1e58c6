/** Builds images one after the other, pushes them where that is asked for, and records what was pushed. */
import { readDockerfile, recordImage, type BuildArguments, type ComponentImage } from '../compiler/index.ts';
import type { Digest } from '../spec/index.ts';
import { buildImage, type BuiltImage } from './build-image.ts';
import type { OnProgress } from './build-progress.ts';
import { targetOf, type Engine, type Environment } from './engine.ts';
import { gatherContext } from './gather-context.ts';
import type { ImagePlan } from './image-plan.ts';
import { freshenPrograms, programFiles, programManifest } from './programs.ts';
import { pushImage } from './push-image.ts';
import { requirePushable } from './reference.ts';

export interface MakeOptions {
  readonly root: string;
  readonly cacheFolder: string;
  readonly env: Environment;
  readonly push: boolean;
  readonly buildArguments: BuildArguments;
  readonly noCache: boolean;
  /** @default the engine's own */
  readonly platform?: string;
  readonly onProgress: OnProgress;
  /** Called as each image is done. */
  readonly onMade: (image: MadeImage) => void;
}

export interface MadeImage extends BuiltImage {
  readonly plan: ImagePlan;
  /** Milliseconds. */
  readonly took: number;
  /** As the registry names it, where it was pushed. */
  readonly digest?: Digest;
}

/** Refuses images that have no registry to be pushed to, before any is built. */
export function requirePushablePlans(plans: readonly ImagePlan[]): void {
  for (const { reference, name, uriFrom } of plans) requirePushable(reference, name, uriFrom);
}

/** Makes images in order. */
export async function makeImages(
  engine: Engine,
  plans: readonly ImagePlan[],
  options: MakeOptions,
): Promise<MadeImage[]> {
  await freshenPrograms(options.env);
  const made: MadeImage[] = [];
  for (const plan of plans) {
    const start = performance.now();
    const image = { plan, ...(await makeImage(engine, plan, options)), took: performance.now() - start };
    options.onMade(image);
    made.push(image);
  }
  return made;
}

async function makeImage(
  { docker, target }: Engine,
  plan: ImagePlan,
  options: MakeOptions,
): Promise<BuiltImage & { readonly digest?: Digest }> {
  const { root, cacheFolder, env, push, platform, onProgress } = options;
  const buildArguments = argumentsFor(plan, options.buildArguments);
  const programs = [
    ...programFiles(plan.programs),
    // Component images have one of their packages.
    ...(plan.components.length > 0 ? [] : [programManifest()]),
  ];
  const context = gatherContext(plan, {
    root,
    buildArguments,
    programs,
    target: platform === undefined ? target : targetOf(platform),
  });
  const built = await buildImage(docker, plan, context, { ...options, buildArguments });
  if (!push) return built;
  const digest = await pushImage(docker, plan.reference, { env, name: plan.name, onProgress });
  recordImage(cacheFolder, plan.reference, { digest, components: sourcesOf(plan.components) });
  return { ...built, digest };
}

/** Hands an image the arguments that its Dockerfile declares: what it does not, it does not depend on. */
function argumentsFor({ dockerfile }: ImagePlan, given: BuildArguments): BuildArguments {
  const { declared } = readDockerfile(dockerfile);
  return Object.fromEntries(Object.entries(given).filter(([name]) => declared.includes(name)));
}

function sourcesOf(components: readonly ComponentImage[]): Parameters<typeof recordImage>[2]['components'] {
  return Object.fromEntries(
    components.map(({ identity: { code, natives, recipe } }) => [
      code,
      { ...(natives !== undefined && { natives }), ...(recipe !== undefined && { recipe }) },
    ]),
  );
}

/** Tells which images plans start from: what `--update-bases` pins. */
export function basesOf(plans: readonly ImagePlan[], given: BuildArguments): string[] {
  return [...new Set(plans.flatMap((plan) => readDockerfile(plan.dockerfile, given).bases))];
}
