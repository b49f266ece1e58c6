/** Steps that a schedule is laid out over. */
export interface Course {
  readonly kind: 'cosine' | 'step' | 'constant';
  /** The learning rate at its highest. */
  readonly peak: number;
  /** Steps from the first to the last of the course. */
  readonly steps: number;
}

/**
 * Gives the learning rate of a step, counted from 0. `cosine` falls along half a wave to zero; `step` divides by ten
 * after half and again after three quarters; `constant` stays.
 */
export function rateAt(course: Course, step: number): number {
  const { kind, peak, steps } = course;
  const done = Math.min(1, step / Math.max(1, steps));
  switch (kind) {
    case 'cosine':
      return (peak * (1 + Math.cos(Math.PI * done))) / 2;
    case 'step':
      return done < 0.5 ? peak : done < 0.75 ? peak / 10 : peak / 100;
    case 'constant':
      return peak;
  }
}
