/** Which images a pipeline's components need, under which references, and of which Dockerfiles. */
import { existsSync, readFileSync } from 'node:fs';
import { dockerfileOf, imageName, type ComponentImage, type NativePackage } from '../compiler/index.ts';
import { UserError } from '../errors/index.ts';
import { compareText, kebabCase } from '../spec/index.ts';
import { generateDockerfile } from './generated-dockerfile.ts';
import type { Program } from './programs.ts';
import { readReference, writeReference, type Reference } from './reference.ts';

/** Which hardware an image is for: each variant but `cpu` has a Dockerfile of its own. */
export type Variant = 'cpu' | 'gpu';

/** An image to build. */
export interface ImagePlan {
  /** As Dockerfiles/ knows it. */
  readonly name: string;
  readonly variant: Variant;
  /** With its tag. */
  readonly reference: string;
  /** Environment variable that may hold the reference. */
  readonly uriFrom?: string;
  /** The components whose code it holds; none in images of Ferrule's own. */
  readonly components: readonly ComponentImage[];
  readonly programs: readonly Program[];
  /** Packages with machine code that the programs need, beside those of components. @default none */
  readonly packages?: readonly NativePackage[];
  readonly dockerfile: string;
  /** Absolute path of the Dockerfile; undefined where it is generated. */
  readonly dockerfilePlace?: string;
}

export interface PlanOptions {
  readonly root: string;
  /** Names of images or components; none means all. */
  readonly wanted: readonly string[];
  /** @default what the tag of each reference says: `-gpu` at its end */
  readonly variant?: Variant;
}

/**
 * Plans images in the order of their names.
 * @throws UserError FER6104 where a name is unknown or has no such variant, FER6103 for a malformed reference
 */
export function planImages(images: readonly ComponentImage[], options: PlanOptions): ImagePlan[] {
  requireKnown(images, options);
  const groups = new Map<string, ComponentImage[]>();
  for (const image of images)
    if (isWanted(image, options.wanted))
      groups.set(image.reference, [...(groups.get(image.reference) ?? []), image]);
  const plans = [...groups.values()]
    .map((group) => planImage(group, options))
    .filter((plan) => plan !== undefined);
  if (plans.length === 0 && images.length > 0)
    throw new UserError('FER6104', {
      problem: `none of these images has a variant ${options.variant ?? 'cpu'} that can be built`,
      fix: `write Dockerfiles/${imageName(images[0]?.name ?? 'name')}.${options.variant ?? 'gpu'}.Dockerfile`,
    });
  return plans.sort((a, b) => compareText(a.name, b.name));
}

function planImage(
  group: readonly ComponentImage[],
  { root, ...options }: PlanOptions,
): ImagePlan | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const given = readWhole(first);
  // What is named by its digest is made already, and cannot become another.
  if (given.digest !== undefined) return undefined;
  const names = new Set(group.map((image) => imageName(image.name)));
  if (names.size > 1)
    throw new UserError('FER6103', {
      problem: `the images ${[...names].join(' and ')} have one reference, ${first.reference}`,
      fix: 'give each a repository of its own',
    });
  const name = imageName(first.name);
  const forGpu = dockerfileOf(name, root, 'gpu');
  const variant = options.variant ?? (isGpuTag(given.tag) && existsSync(forGpu) ? 'gpu' : 'cpu');
  const place = variant === 'gpu' ? forGpu : dockerfileOf(name, root);
  const exists = existsSync(place);
  if (variant === 'gpu' && !exists) return undefined;
  const natives = [...new Set(group.flatMap(({ bundle }) => bundle.natives.map((native) => native.name)))];
  return {
    name,
    variant,
    reference: writeReference({ ...given, tag: tagFor(variant, given.tag) }),
    ...(first.uriFrom !== undefined && { uriFrom: first.uriFrom }),
    components: group,
    programs: ['run', 'launch'],
    dockerfile: exists ? readFileSync(place, 'utf8') : generateDockerfile(natives.sort(compareText)),
    ...(exists && { dockerfilePlace: place }),
  };
}

function readWhole({ reference, uriFrom, name }: ComponentImage): Reference {
  const read = readReference(reference);
  if (read !== undefined) return read;
  throw new UserError('FER6103', {
    problem: `"${reference}" is no reference of an image`,
    fix: `write REGISTRY/REPOSITORY/${imageName(name).toLowerCase()}:TAG in lower case${uriFrom === undefined ? '' : `, in ${uriFrom}`}`,
  });
}

function isGpuTag(tag: string | undefined): boolean {
  return tag?.endsWith('-gpu') === true;
}

/** The tag tells the variant, so that neither overwrites the other. */
function tagFor(variant: Variant, tag = 'latest'): string {
  const plain = tag.replace(/-gpu$/, '');
  return variant === 'gpu' ? `${plain}-gpu` : plain;
}

/** What a person may call a component or its image. */
function namesOf({ name, component }: ComponentImage): string[] {
  const exported = component.split('#')[1] ?? component;
  return [imageName(name), kebabCase(imageName(name)), exported, kebabCase(exported)];
}

function isWanted(image: ComponentImage, wanted: readonly string[]): boolean {
  return wanted.length === 0 || namesOf(image).some((name) => wanted.includes(name));
}

function requireKnown(images: readonly ComponentImage[], { wanted, variant, root }: PlanOptions): void {
  const known = [...new Set(images.map(({ name }) => imageName(name)))].sort(compareText);
  for (const name of wanted) {
    const found = images.find((image) => namesOf(image).includes(name));
    if (found === undefined)
      throw new UserError('FER6104', {
        problem: `no component of the pipeline has an image "${name}"`,
        fix: known.length === 0 ? 'give a component one: image: ...' : `it has ${known.join(', ')}`,
      });
    if (variant === 'gpu' && !existsSync(dockerfileOf(found.name, root, 'gpu')))
      throw new UserError('FER6104', {
        problem: `the image ${imageName(found.name)} has no variant gpu`,
        fix: `write Dockerfiles/${imageName(found.name)}.gpu.Dockerfile`,
      });
    if (readReference(found.reference)?.digest !== undefined)
      throw new UserError('FER6104', {
        problem: `the image ${imageName(found.name)} is named by its digest, ${found.reference}, so it is made already`,
        fix: 'name it by a tag to build it',
      });
  }
}
