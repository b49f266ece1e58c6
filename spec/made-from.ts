import type { ComponentIdentity } from './component-identity.ts';

/** What an image was made from, besides a component's code: kept beside its bundle by whoever builds it. */
export type MadeFrom = Pick<ComponentIdentity, 'natives' | 'recipe'>;

/** Names the file that says it, beside a bundle's folder. */
export function madeFromFile(bundle: string): string {
  return `${bundle}.json`;
}
