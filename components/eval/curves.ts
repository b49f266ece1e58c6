import type { Predictions } from './predictions.ts';
import { areaUnder, rocOf, type Roc } from './roc.ts';

/** The ROC curve of one class against the rest. */
export interface ClassCurve {
  readonly className: string;
  readonly roc: Roc;
  /** Area under the curve, 0.5 for a guess, 1 for a class that is always ranked first. */
  readonly auc: number;
}

/** Draws one class against the rest, for every class. */
export function curvesOf({ classes, actual, probabilities }: Predictions): readonly ClassCurve[] {
  return classes.map((className, index) => {
    const scores = probabilities.map((row) => row[index] ?? 0);
    const roc = rocOf(
      scores,
      actual.map((is) => is === index),
    );
    return { className, roc, auc: areaUnder(roc) };
  });
}

/** Draws the curve over all pairs of a picture and a class, each a question "is it this one?". */
export function microCurve({ classes, actual, probabilities }: Predictions): Roc {
  const scores = probabilities.flatMap((row) => Array.from(row));
  const truths = actual.flatMap((is) => classes.map((_, index) => index === is));
  return rocOf(scores, truths);
}

/** Means of the classes' areas. */
export function meanArea(curves: readonly ClassCurve[]): number {
  return curves.reduce((sum, { auc }) => sum + auc, 0) / curves.length;
}
