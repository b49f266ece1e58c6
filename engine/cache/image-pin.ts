/** Pins the image of a container to what its tag stands for, so that what is in the cache key is what runs. */
import { valueText, type ContainerSpec } from '../../spec/index.ts';
import type { Inputs } from '../graph/graph.ts';
import { identityOf } from '../identity.ts';
import type { Runner } from '../ports.ts';
import { inputPlaceholder } from '../graph/templates.ts';

/**
 * Gives the container with its image filled in, and named by its digest where the runner can tell it. Our own
 * components say in their arguments what code they are, so that the image of their own needs no pin.
 */
export async function pinned(
  container: ContainerSpec,
  inputs: Inputs,
  runner: Pick<Runner, 'resolveImage'>,
): Promise<ContainerSpec> {
  const image = filled(container.image, inputs);
  const identity = identityOf(container);
  const known = (identity !== undefined && identity.taskImage !== true) || image.includes('@sha256:');
  const found = known ? undefined : await runner.resolveImage?.(image).catch(() => undefined);
  const pin = found ?? image;
  return pin === container.image ? container : { ...container, image: pin };
}

/** Fills in what a run decides of an image's name; what is not there stays, for the runner to name. */
function filled(image: string, { parameters }: Inputs): string {
  return image.replaceAll(inputPlaceholder, (written, single?: string, double?: string) => {
    const value = parameters[single ?? double ?? ''];
    return value === undefined || value === null ? written : valueText(value);
  });
}
