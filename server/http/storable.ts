import { Refusal } from '../failure.ts';

/** How deep lists and objects may stand in each other: deeper than any pipeline, and less than what fails over it. */
const deepest = 200;

/**
 * Looks whether a message can be kept: PostgreSQL has no text with the character U+0000, and writing JSON has an end of depth.
 * @throws Refusal where it cannot
 */
export function refuseUnstorable(value: unknown, where: string, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000'))
      throw new Refusal('invalid', `the ${where} has a text with the character U+0000`);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > deepest)
    throw new Refusal(
      'invalid',
      `the ${where} has lists and objects more than ${deepest} deep in each other`,
    );
  for (const [name, inner] of Object.entries(value)) {
    refuseUnstorable(name, where);
    refuseUnstorable(inner, where, depth + 1);
  }
}
