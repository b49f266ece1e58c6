import { digestOf, hexOf } from './digest.ts';

/** The longest name Kubernetes takes for most objects. */
const longestName = 63;

/**
 * Turns an identifier into KFP's kebab-case name: `dataPrep` and `data_prep` become `data-prep`. A name over 63
 * characters keeps its head and gets a hash of the whole.
 */
export function kebabCase(identifier: string): string {
  const name = identifier
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return shortName(name);
}

/** Shortens a name; a shortened one ends in eight hexadecimal digits of the whole's digest. */
function shortName(name: string): string {
  if (name.length <= longestName) return name;
  const hash = hexOf(digestOf(name)).slice(0, 8);
  return `${name.slice(0, longestName - 9).replace(/-+$/, '')}-${hash}`;
}

/** Whether a name from a spec can be one part of a path: no separator, no `..`, nothing hidden, nothing too long. */
export function isPathName(name: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(name) && Buffer.byteLength(name) <= 200;
}

/**
 * Tells whether a name that leads nowhere is that of a loop's item. Python's compiler hands the item of a loop to the groups around the
 * loop as well, where it does not exist. Nothing inside takes it, so such a document runs.
 */
export function isLeakedItem(name: string): boolean {
  return /(?:^|-)loop-item(?:-|$)/.test(name);
}
