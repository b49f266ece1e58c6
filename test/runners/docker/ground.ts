/** Where the tests of the Docker runner run: components in an image of ours, their bundles shown by a mount. */
import { join } from 'node:path';
import { lightweightCommand, nodeImage } from '../../../compiler/bundle/lightweight.ts';
import type { Attempt, Runner } from '../../../engine/ports.ts';
import { hexOf, type ContainerSpec } from '../../../spec/index.ts';
import type { BundleFolder } from '../components.ts';
import type { Ground } from '../contract/bench.ts';
import { groundOnFiles } from '../contract/local-files.ts';

/** Makes the ground of a runner; `image` holds the program that runs components. */
export function dockerGround(runner: Runner, bundles: BundleFolder, image: string): Ground {
  return groundOnFiles(runner, (attempt) => withCode(attempt, bundles.folder, image));
}

/** Gives an attempt of ours an image, and its bundle as a location that it reads. */
export function withCode(attempt: Attempt, bundles: string, image: string): Attempt {
  const { identity, container, input } = attempt;
  if (identity?.payload !== undefined)
    return { ...attempt, container: { ...container, image: nodeImage, command: lightweightCommand } };
  if (identity === undefined) return attempt;
  const bundle = join(bundles, hexOf(identity.code));
  const own: ContainerSpec = {
    ...container,
    image,
    env: [...(container.env ?? []), { name: 'FERRULE_BUNDLE', value: bundle }],
  };
  const parameterValues = { ...input.inputs.parameterValues, bundle };
  return {
    ...attempt,
    container: own,
    identity: { ...identity, reads: ['bundle'] },
    input: { ...input, inputs: { ...input.inputs, parameterValues } },
  };
}
