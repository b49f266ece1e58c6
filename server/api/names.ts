import { Refusal } from '../failure.ts';

/**
 * Checks a name that people gave.
 * @throws Refusal where it is empty, or longer than a name can be
 */
export function nameOf(given: string | undefined, what: string): string {
  const name = given?.trim() ?? '';
  if (name === '') throw new Refusal('invalid', `${what} needs a name`);
  if (name.length > 255) throw new Refusal('invalid', `the name of ${what} has more than 255 characters`);
  return name;
}
