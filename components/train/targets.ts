import type { Photograph } from './photographs.ts';

/**
 * Gives each class its weight in the loss: 1 each, or `balanced` so that all classes together count alike however many
 * photographs they have.
 */
export function classWeightsOf(
  kind: 'none' | 'balanced',
  photographs: readonly Photograph[],
  classes: number,
): Float32Array {
  const weights = new Float32Array(classes).fill(1);
  if (kind === 'none') return weights;
  const counts = new Float64Array(classes);
  for (const { label } of photographs) counts[label] = (counts[label] ?? 0) + 1;
  return weights.map((_, label) => photographs.length / (classes * Math.max(1, counts[label] ?? 1)));
}

/** Gives each class the distribution that is aimed at: its own place, less what smoothing spreads over all. */
export function targetsOf(smoothing: number, classes: number): readonly Float32Array[] {
  return Array.from({ length: classes }, (_, label) =>
    new Float32Array(classes)
      .fill(smoothing / classes)
      .map((share, index) => (index === label ? share + 1 - smoothing : share)),
  );
}
