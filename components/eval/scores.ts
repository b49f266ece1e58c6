import type { Confusion } from './confusion.ts';

/** How well one class is told from the others. All figures lie between 0 and 1. */
interface ClassScore {
  readonly className: string;
  /** Share of the pictures called this class that are. 0 where none was called so. */
  readonly precision: number;
  /** Share of this class's pictures that were called so. 0 where it has none. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. 0 where both are. */
  readonly f1: number;
  /** Pictures of this class. */
  readonly support: number;
}

interface Averages {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Figures of a whole classifier, as scikit-learn's classification_report with zero_division=0 has them. */
export interface Scores {
  /** Share of all pictures that were called by their class. */
  readonly accuracy: number;
  readonly classes: readonly ClassScore[];
  /** Means over the classes. */
  readonly macro: Averages;
  /** Means over the classes, each weighted by its pictures. */
  readonly weighted: Averages;
  /** All pictures. */
  readonly support: number;
}

/** Computes precision, recall, F1 and accuracy from a confusion matrix. */
export function scoresOf({ classes, counts }: Confusion): Scores {
  const scores = classes.map((className, index): ClassScore => {
    const hits = counts[index]?.[index] ?? 0;
    const support = sum(counts[index] ?? []);
    const called = sum(counts.map((row) => row[index] ?? 0));
    const precision = ratio(hits, called);
    const recall = ratio(hits, support);
    return { className, precision, recall, f1: ratio(2 * hits, called + support), support };
  });
  const support = sum(scores.map((score) => score.support));
  const hits = sum(counts.map((row, index) => row[index] ?? 0));
  return {
    accuracy: ratio(hits, support),
    classes: scores,
    macro: averages(scores, () => 1),
    weighted: averages(scores, (score) => score.support),
    support,
  };
}

function averages(scores: readonly ClassScore[], weightOf: (score: ClassScore) => number): Averages {
  const total = sum(scores.map(weightOf));
  const mean = (pick: (score: ClassScore) => number): number =>
    ratio(sum(scores.map((score) => pick(score) * weightOf(score))), total);
  return {
    precision: mean((score) => score.precision),
    recall: mean((score) => score.recall),
    f1: mean((score) => score.f1),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
