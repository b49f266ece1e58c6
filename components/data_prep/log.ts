import type { LeftOut, Photograph } from './photograph.ts';

/** Lines of the log at most; the report has the rest. */
const shown = 20;

/** Writes to the log how many photographs are usable, and which files are not and why. */
export function sayWhatWasFound(found: {
  readonly photographs: readonly Photograph[];
  readonly leftOut: readonly LeftOut[];
  readonly contested: readonly (readonly string[])[];
}): void {
  const { photographs, leftOut, contested } = found;
  const classes = new Set(photographs.map((photograph) => photograph.className));
  console.log(`${photographs.length} photographs in ${classes.size} classes, ${leftOut.length} left out`);
  for (const { path, reason } of leftOut.slice(0, shown)) console.log(`  left out: ${path} ${reason}`);
  if (leftOut.length > shown) console.log(`  and ${leftOut.length - shown} more: see the report`);
  if (contested.length > 0)
    console.warn(`${contested.length} pictures lie in more than one class; none of their copies is used`);
}
