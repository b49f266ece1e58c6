/** What one epoch came to. */
export interface Epoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean of the steps' losses, as they were trained on. */
  readonly loss: number;
  /** Share of the photographs that got their class while being trained on. */
  readonly accuracy: number;
  /** Mean cross-entropy over the validation photographs, in nats. */
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/** Finds the epoch with the lowest validation loss, the earliest of equals. */
export function bestOf(history: readonly Epoch[]): Epoch | undefined {
  return history.reduce<Epoch | undefined>(
    (best, epoch) => (best === undefined || epoch.validationLoss < best.validationLoss ? epoch : best),
    undefined,
  );
}

/** Whether the last `patience` epochs were all no better than the best before them; 0 never stops. */
export function isStuck(history: readonly Epoch[], patience: number): boolean {
  const best = bestOf(history);
  return patience > 0 && best !== undefined && history.length - best.epoch >= patience;
}
