/** Pins the image of a container to what its tag stands for, so that what is in the cache key is what runs. */
import type { ContainerSpec } from '../spec/index.ts';
import type { Inputs } from './graph.ts';
import { identityOf } from './identity.ts';
import type { Runner } from './ports.ts';

const wholeInput = /^\{\{\$\.inputs\.parameters\[(?:'([^']*)'|"([^"]*)")\]\}\}$/;

/**
 * Gives the container with its image filled in, and named by its digest where the runner can tell it. Our own
 * components say in their arguments what code they are, so that their image needs no pin.
 */
export async function pinned(
  container: ContainerSpec,
  inputs: Inputs,
  runner: Pick<Runner, 'resolveImage'>,
): Promise<ContainerSpec> {
  const match = wholeInput.exec(container.image);
  const given = match === null ? undefined : inputs.parameters[match[1] ?? match[2] ?? ''];
  const image = typeof given === 'string' ? given : container.image;
  const known = identityOf(container) !== undefined || image.includes('@sha256:');
  const found = known ? undefined : await runner.resolveImage?.(image).catch(() => undefined);
  const pin = found ?? image;
  return pin === container.image ? container : { ...container, image: pin };
}
