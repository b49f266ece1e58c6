import { groupedBy } from './grouped.ts';
import type { LeftOut, Photograph } from './photograph.ts';

/** Photographs without repeats, what was left out for it, and the pictures whose class is in doubt. */
export interface Distinct {
  readonly photographs: readonly Photograph[];
  readonly leftOut: readonly LeftOut[];
  /** One entry a picture that lies in more than one class: its paths. */
  readonly contested: readonly (readonly string[])[];
}

/**
 * Leaves one of several photographs with the same bytes: the first by path. A picture in two classes would teach both
 * and test neither, so all its copies are left out.
 */
export function withoutDuplicates(photographs: readonly Photograph[]): Distinct {
  const byDigest = groupedBy(sortedByPath(photographs), (photograph) => photograph.digest);
  const kept: Photograph[] = [];
  const leftOut: LeftOut[] = [];
  const contested: string[][] = [];
  for (const [first, ...copies] of byDigest.values()) {
    if (first === undefined) continue;
    const all = [first, ...copies];
    const classes = [...new Set(all.map((photograph) => photograph.className))];
    if (classes.length === 1) {
      kept.push(first);
      leftOut.push(...copies.map(({ path }) => ({ path, reason: `has the same bytes as ${first.path}` })));
    } else {
      contested.push(all.map((photograph) => photograph.path));
      leftOut.push(
        ...all.map(({ path }) => ({ path, reason: `lies in several classes: ${classes.join(', ')}` })),
      );
    }
  }
  return { photographs: sortedByPath(kept), leftOut, contested };
}

function sortedByPath(photographs: readonly Photograph[]): Photograph[] {
  return photographs.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
