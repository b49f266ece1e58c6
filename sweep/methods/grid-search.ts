import { enumerate, gridOf, type Configuration, type Space } from '../space.ts';

/** Lists the configurations of a grid, the last parameter fastest. */
export function gridConfigurations(space: Space): readonly Configuration[] {
  return [...enumerate(space, gridOf)];
}

/** Counts the configurations of a grid, or gives a bound for one with conditions, without making them. */
export function gridSize(space: Space): number {
  return space.reduce((product, { dimension }) => product * gridOf(dimension).length, 1);
}
