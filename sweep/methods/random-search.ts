import { randomOf } from '../random.ts';
import {
  allOf,
  configure,
  enumerate,
  keyOf,
  sizeOf,
  valueAt,
  type Configuration,
  type Space,
} from '../space.ts';
import type { Question } from './proposal.ts';

/** How often another configuration is drawn where one was tried before. */
const redraws = 100;

/**
 * Proposes a configuration at random, and none that was tried; undefined where all were.
 * @param draw draws one
 */
export function untried(
  { space, seed, number, before }: Question,
  draw: (attempt: number) => Configuration | undefined,
): Configuration | undefined {
  const tried = new Set(before.map(({ configuration }) => keyOf(configuration)));
  for (let attempt = 0; attempt < redraws; attempt++) {
    const configuration = draw(attempt);
    if (configuration !== undefined && !tried.has(keyOf(configuration))) return configuration;
  }
  if (tried.size >= sizeOf(space)) return undefined;
  const rest = [...enumerate(space, allOf)].filter((one) => !tried.has(keyOf(one)));
  return rest[randomOf(seed, 'rest', number).below(rest.length)];
}

/** Proposes a configuration at random; undefined where all were tried. */
export function randomSearch(question: Question): Configuration | undefined {
  const { space, seed, number } = question;
  return untried(question, (attempt) => drawn(space, seed, number, attempt));
}

function drawn(space: Space, seed: number, number: number, attempt: number): Configuration {
  // Each parameter has a stream of its own, so that another one beside it changes nothing.
  return configure(space, ({ name, dimension }) =>
    valueAt(dimension, randomOf(seed, 'random', number, attempt, name).next()),
  );
}
