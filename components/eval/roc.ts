/** A ROC curve: one entry a point in each array, from (0, 0) to (1, 1), thresholds falling from infinity. */
export interface Roc {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  readonly threshold: readonly number[];
}

/**
 * Draws the ROC curve of scores against truths, as scikit-learn's roc_curve does: one point a distinct score, points
 * on a straight line left out.
 * @throws RangeError where all truths are the same: a rate would be 0 / 0
 */
export function rocOf(scores: ArrayLike<number>, truths: ArrayLike<boolean>): Roc {
  const order = Array.from({ length: scores.length }, (_, index) => index).sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0),
  );
  const points: Point[] = [];
  let hits = 0;
  let alarms = 0;
  for (const [rank, index] of order.entries()) {
    if (truths[index] === true) hits++;
    else alarms++;
    const score = scores[index] ?? 0;
    const next = order[rank + 1];
    if (next === undefined || scores[next] !== score) points.push({ hits, alarms, threshold: score });
  }
  if (hits === 0 || alarms === 0)
    throw new RangeError('a ROC curve needs both pictures of the class and pictures of others');
  const kept = [{ hits: 0, alarms: 0, threshold: Number.POSITIVE_INFINITY }, ...withoutStraights(points)];
  return {
    falsePositiveRate: kept.map((point) => point.alarms / alarms),
    truePositiveRate: kept.map((point) => point.hits / hits),
    threshold: kept.map((point) => point.threshold),
  };
}

/** Computes the area under a ROC curve by trapezoids, as scikit-learn's auc does. */
export function areaUnder({ falsePositiveRate, truePositiveRate }: Roc): number {
  let area = 0;
  for (let index = 1; index < falsePositiveRate.length; index++) {
    const width = (falsePositiveRate[index] ?? 0) - (falsePositiveRate[index - 1] ?? 0);
    area += (width * ((truePositiveRate[index] ?? 0) + (truePositiveRate[index - 1] ?? 0))) / 2;
  }
  return area;
}

/** Thins a curve to at most `limit` points, the first and the last among them. */
export function thinned(curve: Roc, limit: number): Roc {
  const { length } = curve.threshold;
  if (length <= limit) return curve;
  const chosen = new Set(
    Array.from({ length: limit }, (_, index) => Math.round((index * (length - 1)) / (limit - 1))),
  );
  const only = (values: readonly number[]): number[] => values.filter((_, index) => chosen.has(index));
  return {
    falsePositiveRate: only(curve.falsePositiveRate),
    truePositiveRate: only(curve.truePositiveRate),
    threshold: only(curve.threshold),
  };
}

interface Point {
  readonly hits: number;
  readonly alarms: number;
  readonly threshold: number;
}

/** Keeps a point where the step to it and the step from it differ; the first and the last always. */
function withoutStraights(points: readonly Point[]): Point[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined || after === undefined) return true;
    return (
      after.hits - point.hits !== point.hits - before.hits ||
      after.alarms - point.alarms !== point.alarms - before.alarms
    );
  });
}
