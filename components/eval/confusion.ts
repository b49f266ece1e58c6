/** Counts of pictures: `counts[actual][predicted]`, classes in one order for both. */
export interface Confusion {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts which class was taken for which. `actual` and `predicted` hold one index into `classes` a picture.
 * @throws RangeError where an index is no class, or the lengths differ
 */
export function confusionOf(
  classes: readonly string[],
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Confusion {
  if (actual.length !== predicted.length)
    throw new RangeError(`${actual.length} actual classes, but ${predicted.length} predicted ones`);
  const counts = classes.map(() => classes.map(() => 0));
  for (let picture = 0; picture < actual.length; picture++) {
    const row = counts[actual[picture] ?? -1];
    const column = predicted[picture] ?? -1;
    const before = row?.[column];
    if (row === undefined || before === undefined)
      throw new RangeError(`picture ${picture} has a class outside the ${classes.length} known ones`);
    row[column] = before + 1;
  }
  return { classes, counts };
}

/** Pairs of classes that were taken for one another, the most frequent first. */
export function commonConfusions(
  { classes, counts }: Confusion,
  limit: number,
): readonly { readonly actual: string; readonly predicted: string; readonly count: number }[] {
  return counts
    .flatMap((row, actual) =>
      row.map((count, predicted) => ({
        actual: classes[actual] ?? '',
        predicted: classes[predicted] ?? '',
        count,
        wrong: actual !== predicted,
      })),
    )
    .filter(({ count, wrong }) => wrong && count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, limit)
    .map(({ actual, predicted, count }) => ({ actual, predicted, count }));
}
