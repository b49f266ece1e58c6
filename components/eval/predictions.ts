import type { TestPhotograph } from './test-photographs.ts';

/** What a model says of the test photographs. */
export interface Predictions {
  /** Names of the classes, in the model's order. */
  readonly classes: readonly string[];
  readonly photographs: readonly TestPhotograph[];
  /** One index into `classes` a photograph. */
  readonly actual: readonly number[];
  /** The class with the highest probability; the first of equals. */
  readonly predicted: readonly number[];
  /** `probabilities[photograph][class]`, between 0 and 1. */
  readonly probabilities: readonly Float32Array[];
}

/** Finds the highest probability; the first of equals. */
export function highest(probabilities: Float32Array): number {
  let best = 0;
  for (let index = 1; index < probabilities.length; index++)
    if ((probabilities[index] ?? 0) > (probabilities[best] ?? 0)) best = index;
  return best;
}

/** A photograph that was taken for another class. */
export interface Mistake {
  readonly photograph: TestPhotograph;
  readonly actual: string;
  readonly predicted: string;
  /** Probability of what was predicted, and of the class it has. */
  readonly confidence: number;
  readonly probabilityOfActual: number;
}

/** Lists mistakes, the surest first. */
export function worstMistakes(predictions: Predictions, limit: number): readonly Mistake[] {
  const { classes, photographs, actual, predicted, probabilities } = predictions;
  const mistakes = photographs.flatMap((photograph, index): Mistake[] => {
    const is = actual[index] ?? 0;
    const said = predicted[index] ?? 0;
    if (is === said) return [];
    const row = probabilities[index];
    return [
      {
        photograph,
        actual: classes[is] ?? '',
        predicted: classes[said] ?? '',
        confidence: row?.[said] ?? 0,
        probabilityOfActual: row?.[is] ?? 0,
      },
    ];
  });
  return mistakes
    .sort(
      (a, b) =>
        b.confidence - b.probabilityOfActual - (a.confidence - a.probabilityOfActual) ||
        (a.photograph.path < b.photograph.path ? -1 : 1),
    )
    .slice(0, limit);
}
