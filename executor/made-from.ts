/** Whether an image is the one that a spec's cache keys speak of. */
import { readFile } from 'node:fs/promises';
import { UserError } from '../errors/ferrule-error.ts';
import { madeFromFile, type MadeFrom } from '../spec/made-from.ts';

/**
 * Checks that the image around a bundle was made from the packages and the recipe that a spec names: results are kept
 * under those. An image that does not say what it was made from is taken as it is, and so is what a spec does not name.
 * @throws UserError FER6019 where it was made from others
 */
export async function verifyMadeFrom(folder: string, named: MadeFrom): Promise<void> {
  const text = await readFile(madeFromFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const made = JSON.parse(text) as MadeFrom;
  for (const [what, words] of [
    ['natives', 'other versions of the packages with machine code'],
    ['recipe', 'another Dockerfile, other files that it copies or other bases'],
  ] as const)
    if (named[what] !== undefined && named[what] !== made[what])
      throw new UserError('FER6019', {
        problem: `the image was built with ${words} than the project has now`,
        fix: 'build it again: ferrule build; for a cluster with --push',
      });
}
